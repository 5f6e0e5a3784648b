// Generated from schemas/generated/openapi.json. Do not edit.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this is
         * @description The name, the version, and where to go on.
         */
        get: operations["getServiceInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Always 200 while the process answers. Restart it when it does not.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it serve?
         * @description Send traffic while this is 200.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The contract, as JSON
         * @description The OpenAPI 3.1 document of this service.
         */
        get: operations["getOpenApiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The contract, as YAML
         * @description The OpenAPI 3.1 document of this service.
         */
        get: operations["getOpenApiYaml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account
         * @description Signs in as well. `REGISTRATION=closed` and `LOCAL_ACCOUNTS=off` turn this off.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description The access token is good for 15 minutes; the refresh cookie gets the next one.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new access token
         * @description Replaces the refresh cookie. A refresh token that is shown twice revokes the whole session.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the refresh cookie, if there is one, with its access tokens and streams.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the own profile
         * @description The account that the access token belongs to. For people.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Delete the own account
         * @description Deletes everything the account owns: keys, agents, runs and messages. It cannot be undone. Send the password, unless the session began at most 5 minutes ago; of an OpenID provider, its token says so by `auth_time`. For people.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change the own profile
         * @description Fields that are left out stay as they are. For people.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who is signed in
         * @description The account that the access token belongs to. For people.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sync-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell the service about the signed-in user
         * @description Legacy clients call this after sign-in. It sets the display name; the e-mail address is not changed. For people.
         */
        post: operations["syncUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the own password
         * @description Every other session ends, with its access tokens and streams. API keys stay. An account may do this 5 times in 10 minutes. For people.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List where one is signed in
         * @description The last used ones first. An account has at most 100: one more ends the one not used for longest. For people.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * Sign out everywhere
         * @description Ends every session, this one included, with their access tokens and streams. API keys stay. For people.
         */
        delete: operations["signOutEverywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out elsewhere
         * @description Ends one session, with its access tokens and streams. For people.
         */
        delete: operations["signOutElsewhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/external-identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Link an OpenID identity to the own account
         * @description From then on, tokens of that identity are tokens of this account. The provider has to have verified that it is the account's e-mail address, and the identity must not have an account of its own. For people.
         */
        put: operations["linkExternalIdentity"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Newest first, revoked and expired ones included. Of each key only its first characters are shown. Keys that a launch made for its run are listed with `agent_instance_id` only. For people.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Mint an API key
         * @description The answer is the only time the key is shown: only its hash is kept. At most 50 are active at once. For people.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/cli-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mint an API key for a command line
         * @description As `POST /auth/api-keys`, with a name made up when none is given. The body may be left out. For people.
         */
        post: operations["createCliKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of an API key
         * @description The answer is the only time the new key is shown. The old one works for the grace period, if one is given. For people.
         */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description The key stops working at once. It stays in the list as inactive. Revoking it again changes nothing. For people.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/billing/mobile/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the mobile app may do
         * @description Always everything. The legacy mobile app asks at its start. For people.
         */
        get: operations["getMobileBillingStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-instances/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a chat page by page
         * @description The last messages, or those just before `before_message_id`; oldest first. A page has 4 MiB of messages at most, unless a single one has more. `Link` has the page before it. For people.
         */
        get: operations["listMessages"];
        put?: never;
        /**
         * Write to an agent
         * @description An answer to its question, or feedback. The agent gets it with its next post or poll. A question with options (`message_metadata.options`) may also be answered by the index of one; without an open question that is refused (409, `no_open_question`). For people.
         */
        post: operations["postUserMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for a stream
         * @description For `EventSource`, which sends no headers: `?ticket=` opens a stream and nothing else, and soon expires, so that no access token has to stand in a URL. The stream itself goes on as long as the session, 24 hours at most. For people.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-instances/{id}/messages/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a run live
         * @description Server-sent events: `connected`, `message`, `message_update`, `status_update`, `git_diff_update`, `agent_heartbeat`, and `heartbeat` after silence. A first connection begins with what is new. With `Last-Event-ID`, as browsers send it when they reconnect, what was missed comes first, in order, each once. Where headers cannot be set, as with `EventSource`, use a ticket, and `?last_event_id=` for the header. For people.
         */
        get: operations["streamMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch the whole account live
         * @description Server-sent events of every run on one connection: `connected`, `instance_created`, `message`, `message_update`, `status_update`, `git_diff_update`, `agent_heartbeat`, and `heartbeat` after silence. A deleted run has the status `DELETED`. A first connection begins with what is new. With `Last-Event-ID`, as browsers send it when they reconnect, what was missed comes first, in order, each once. Where headers cannot be set, as with `EventSource`, use a ticket, and `?last_event_id=` for the header. For people.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/user-agents/{id}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of one user agent
         * @description Newest activity first. For people.
         */
        get: operations["listUserAgentInstances"];
        put?: never;
        /**
         * Launch an agent
         * @description Makes a run, with the prompt as its first message, and calls the webhook of the user agent, once. The agent gets a key that is good for this run alone, for seven days. If the call fails the run is marked as `FAILED`, with the reason in its metadata; with the same `Idempotency-Key` it is not called again. For people.
         */
        post: operations["launchAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a run with its chat
         * @description With the last messages, or those just before `before_message_id`; `message_limit=0` leaves them out. There are 4 MiB of them at most, unless a single one has more; `Link` has the page before them. For people, and for API keys with the scope `agent`.
         */
        get: operations["getAgentInstance"];
        put?: never;
        post?: never;
        /**
         * Delete a run
         * @description Deletes its chat as well. It cannot be undone: an agent that goes on gets 410 (`instance_deleted`) for 90 days, during which no run is made under this id. For people.
         */
        delete: operations["deleteAgentInstance"];
        options?: never;
        head?: never;
        /**
         * Rename a run
         * @description Sets the title that people see. For people.
         */
        patch: operations["renameAgentInstance"];
        trace?: never;
    };
    "/api/v1/user-agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List user agents
         * @description Newest activity first, with counts of their runs. For people.
         */
        get: operations["listUserAgents"];
        put?: never;
        /**
         * Create a user agent
         * @description Agents that report under a new type make theirs on their own. One with a webhook can be launched; secrets are encrypted, and never shown again. For people.
         */
        post: operations["createUserAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/user-agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a user agent
         * @description Deletes its runs and their chats as well. Its name is free again at once. For people.
         */
        delete: operations["deleteUserAgent"];
        options?: never;
        head?: never;
        /**
         * Change a user agent
         * @description Fields that are left out stay as they are. For people.
         */
        patch: operations["updateUserAgent"];
        trace?: never;
    };
    "/api/v1/user-agents/webhook-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the ways to launch agents
         * @description With the fields of each, described so that forms can be made from it. For people.
         */
        get: operations["listWebhookTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description Newest first. For people.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Subscribe a URL to events
         * @description Events from now on are sent there, signed as Standard Webhooks describe. The answer is the only time the secret is shown. An account has 50 webhooks at most. For people.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook
         * @description Without its secret. For people.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Deletes the log of its deliveries as well. Nothing more is sent. For people.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Fields that are left out stay as they are. `is_active: true` enables it again: it gets what happens from then on. When it is disabled, what was still to be delivered is given up; it can be delivered again. For people.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of a webhook
         * @description The answer is the only time the new secret is shown. For the grace period, a day unless it is given, deliveries carry two signatures: by the new secret and by the old one. For people.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a ping
         * @description Sends a `ping` at once, whatever the webhook is subscribed to, also if it is not active. What became of it stands in the log of deliveries. For people.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description Newest first, with the attempts that were made. They are kept for 30 days. For people.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a delivery again
         * @description At once, whatever became of it, with the same `webhook-id` and body, and with new retries. For people.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make all failed deliveries again
         * @description The oldest first, a thousand at once at most. Each keeps its `webhook-id`. For people.
         */
        post: operations["redeliverFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how to connect an agent
         * @description Snippets to paste, with the address of this service (`PUBLIC_URL`, or the one that was asked) and `YOUR_API_KEY` where the key belongs. For people.
         */
        get: operations["getAgentConnection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a step or ask a question
         * @description Stores the message and hands out what people wrote since the agent last read: each message exactly once, unless the connection is closed before the answer was sent: then they come with the next call. With an `Idempotency-Key`, a lost answer is had again by sending the same request, with what it handed out. An instance id that is new makes the instance; `agent_type` is required then. A question (`requires_user_input`) is answered through `GET /api/v1/messages/pending`; its choices, if it has some, stand in `message_metadata.options`. For API keys with the scope `agent`.
         */
        post: operations["postAgentMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/agent/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Backfill messages
         * @description Stores up to 100 messages whose ids the caller has chosen, such as UUIDs of version 7. Those that are there already stay as they are, so the same batch can be sent again. The messages of one instance keep their order; those of a deleted one fail (`instance_deleted`). What people wrote is not handed out here. For API keys with the scope `agent`.
         */
        post: operations["postAgentMessageBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Collect what people wrote
         * @description With `last_read_message_id`, the messages after it are handed out, exactly once, unless the connection is closed before the answer was sent; `stale` says that somebody else has read on from there since. Without it, the caller only looks. With `wait`, the answer is held until there is a message, or the run has ended for good (`instance_status` is `KILLED` or `FAILED`). With `confirm`, the same poll gives the same messages until the agent goes on: a lost answer can be had again. For API keys with the scope `agent`.
         */
        get: operations["getPendingMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{message_id}/request-input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Turn a step into a question
         * @description The instance awaits input then, unless the answer is there already: what people wrote since comes back with it. If the connection is closed before that was sent, it comes with the next call. For API keys with the scope `agent`.
         */
        patch: operations["requestUserInput"];
        trace?: never;
    };
    "/api/v1/messages/user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report a person's message
         * @description For words that reached the agent by another way, such as a terminal. With `mark_as_read` they are not handed out to the agent again. They answer the open question only if this key asked it, or had posted to the run before; else they are shown in the chat, and neither handed out nor taken as an answer. For API keys with the scope `agent`.
         */
        post: operations["reportUserMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Newest activity first, with the last message of each (its first 500 characters). For people, and for API keys with the scope `read`.
         */
        get: operations["listAgentInstances"];
        put?: never;
        /**
         * Register a run
         * @description Optional: posting a message to a new instance id does the same. A new `agent_type` is made. For API keys with the scope `agent`.
         */
        post: operations["registerAgentInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/instances/{id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a sign of life
         * @description Shown to people as the time the agent was last heard of. `instance_status` says whether the run was ended. For API keys with the scope `agent`.
         */
        post: operations["sendHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a run
         * @description Marks it as completed. One that has failed or was killed keeps that status. A completed one is opened again by whatever is said in it later. For API keys with the scope `agent`.
         */
        post: operations["endSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check an API key
         * @description Tells whose key it is. For API keys with the scope `agent`.
         */
        get: operations["verifyApiKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-instances/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the status of a run
         * @description A run that is `FAILED` or `KILLED` stays so. One that is `COMPLETED` is opened again by any other status, by a person's message, and by whatever its agent posts. `STALE` and `DELETED` cannot be set. For people, and for API keys with the scope `agent`.
         */
        put: operations["setAgentInstanceStatus"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-types/{id}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of one agent type
         * @description Newest activity first. For people, and for API keys with the scope `read`.
         */
        get: operations["listAgentTypeInstances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the kinds of agents with their latest runs
         * @description Newest activity first; without `limit` and `cursor`, up to 1,000 kinds. Of each kind the runs awaiting input come first, then the latest: 200 at most. Of all kinds on the page there are 1,000, those awaiting input before others, and of those each kind has its share. For people, and for API keys with the scope `read`.
         */
        get: operations["listAgentTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agent-summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count runs
         * @description How many runs there are: in all, by status, and by kind of agent (the first 1,000 by name). For people, and for API keys with the scope `read`.
         */
        get: operations["getAgentSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
         *       "token_type": "Bearer",
         *       "expires_in": 900,
         *       "user": {
         *         "id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11",
         *         "email": "ada@example.com",
         *         "display_name": "Ada",
         *         "created_at": "2026-01-05T10:00:00.000Z"
         *       }
         *     }
         */
        AccessToken: {
            /** @description A JWT, for `Authorization: Bearer`. */
            access_token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /** @description Seconds until the access token expires. */
            expires_in: number;
            user: components["schemas"]["User"];
        };
        /**
         * @example {
         *       "password": "correct horse battery"
         *     }
         */
        AccountDeletion: {
            /** @description The password as it is. */
            password?: string;
        };
        /**
         * @example {
         *       "token": "eyJhbGciOiJSUzI1NiJ9.e30.signature"
         *     }
         */
        ExternalIdentity: {
            /** @description An ID or access token of the identity. */
            token: string;
        };
        /**
         * @example {
         *       "success": true,
         *       "user_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11",
         *       "email": "ada@example.com",
         *       "display_name": "Ada",
         *       "message": "API key is valid"
         *     }
         */
        KeyVerification: {
            success: boolean;
            /**
             * Format: uuid
             * @description The user the key belongs to.
             */
            user_id: string;
            email: string;
            display_name: string | null;
            message: string;
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        Login: {
            /**
             * Format: email
             * @description E-mail address, in any case.
             */
            email: string;
            password: string;
        };
        /**
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_password": "staple battery horse"
         *     }
         */
        PasswordChange: {
            /** @description The password as it is. */
            current_password: string;
            /** @description At least 8 characters. */
            new_password: string;
        };
        /**
         * @example {
         *       "display_name": "Ada L."
         *     }
         */
        ProfilePatch: {
            /** @description How the user is shown to others; null removes it. */
            display_name?: string | null;
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery",
         *       "display_name": "Ada"
         *     }
         */
        Registration: {
            /**
             * Format: email
             * @description E-mail address, in any case.
             */
            email: string;
            /** @description At least 8 characters. */
            password: string;
            /** @description How the user is shown to others. */
            display_name?: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a0-6a10-7b57-8a83-9c2d5c8e7f31",
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "last_used_at": "2026-01-05T11:30:00.000Z",
         *       "address": "192.0.2.7",
         *       "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
         *       "is_current": true
         *     }
         */
        Session: {
            /**
             * Format: uuid
             * @description The session, as `sid` in its access tokens.
             */
            id: string;
            /**
             * Format: date-time
             * @description When somebody signed in.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was used last, to the minute.
             */
            last_used_at: string;
            /** @description The IP address that it was opened or refreshed from last. */
            address: string | null;
            /** @description What the client says that it is, up to 256 characters. */
            user_agent: string | null;
            /** @description Whether this request was made in it. */
            is_current: boolean;
        };
        /**
         * @example {
         *       "id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11",
         *       "email": "ada@example.com",
         *       "display_name": "Ada",
         *       "created_at": "2026-01-05T10:00:00.000Z"
         *     }
         */
        User: {
            /**
             * Format: uuid
             * @description The user.
             */
            id: string;
            /** @description Ends in `.invalid` if the account has no address. */
            email: string;
            display_name: string | null;
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
        };
        /**
         * @example {
         *       "id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11",
         *       "email": "ada@example.com",
         *       "display_name": "Ada"
         *     }
         */
        UserSync: {
            /** @description The caller's own user id, or its id at the OpenID provider. */
            id: string;
            email?: string | null;
            display_name?: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "name": "claude code",
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "recent_instances": [],
         *       "total_instances": 4,
         *       "active_instances": 1
         *     }
         */
        AgentType: {
            /**
             * Format: uuid
             * @description The kind of agent it is a run of.
             */
            id: string;
            name: string;
            /**
             * Format: date-time
             * @description When the first run of this kind was heard of.
             */
            created_at: string;
            /** @description Those awaiting input first, then by last activity: 200 at most, and 1000 of all kinds. */
            recent_instances: components["schemas"]["Instance"][];
            total_instances: number;
            /** @description Those that are active, await input or are paused. */
            active_instances: number;
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "last_heartbeat_at": "2026-01-05T10:02:30.000Z",
         *       "instance_status": "ACTIVE"
         *     }
         */
        Heartbeat: {
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
            /**
             * Format: date-time
             * @description When it arrived.
             */
            last_heartbeat_at: string;
            /**
             * @description What the run is doing. `KILLED` or `FAILED`: it has ended for good, and the agent is to stop. `COMPLETED`: it has ended, and whatever is said in it opens it again.
             * @enum {string}
             */
            instance_status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
        };
        /**
         * @example {
         *       "id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "agent_type_id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "agent_type_name": "claude code",
         *       "name": "Fix the login page",
         *       "status": "AWAITING_INPUT",
         *       "started_at": "2026-01-05T10:00:00.000Z",
         *       "ended_at": null,
         *       "last_heartbeat_at": null,
         *       "instance_metadata": null,
         *       "latest_message": "Shall I deploy?",
         *       "latest_message_at": "2026-01-05T10:02:00.000Z",
         *       "chat_length": 12
         *     }
         */
        Instance: {
            /**
             * Format: uuid
             * @description The instance.
             */
            id: string;
            /**
             * Format: uuid
             * @description The kind of agent it is a run of.
             */
            agent_type_id: string;
            agent_type_name: string;
            /** @description The run's own title. One that nobody has named is called after the first words that a person said to it. */
            name: string | null;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /**
             * Format: date-time
             * @description When it was first heard of.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended; null while it goes on, also after it was opened again.
             */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description When its agent was last heard of: its last message, heartbeat, poll or other call; null before the first one.
             */
            last_heartbeat_at: string | null;
            /** @description What it told about itself at registration. */
            instance_metadata: {
                [key: string]: unknown;
            } | null;
            /** @description The first 500 characters of the last message. */
            latest_message: string | null;
            /**
             * Format: date-time
             * @description When the last message was written.
             */
            latest_message_at: string | null;
            /** @description How many messages the chat has. */
            chat_length: number;
        };
        /**
         * @example {
         *       "id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "agent_type_id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "agent_type_name": "claude code",
         *       "name": "Fix the login page",
         *       "status": "AWAITING_INPUT",
         *       "started_at": "2026-01-05T10:00:00.000Z",
         *       "ended_at": null,
         *       "last_heartbeat_at": null,
         *       "instance_metadata": null,
         *       "git_diff": null,
         *       "messages": [],
         *       "last_read_message_id": null,
         *       "access_level": "WRITE",
         *       "is_owner": true
         *     }
         */
        InstanceDetail: {
            /**
             * Format: uuid
             * @description The instance.
             */
            id: string;
            /**
             * Format: uuid
             * @description The kind of agent it is a run of.
             */
            agent_type_id: string;
            agent_type_name: string;
            /** @description The run's own title. One that nobody has named is called after the first words that a person said to it. */
            name: string | null;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /**
             * Format: date-time
             * @description When it was first heard of.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it ended; null while it goes on, also after it was opened again.
             */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description When its agent was last heard of: its last message, heartbeat, poll or other call; null before the first one.
             */
            last_heartbeat_at: string | null;
            /** @description What it told about itself at registration. */
            instance_metadata: {
                [key: string]: unknown;
            } | null;
            /** @description The latest diff of its working tree. */
            git_diff: string | null;
            /** @description The last page of the chat, oldest first. */
            messages: components["schemas"]["Message"][];
            /**
             * Format: uuid
             * @description The agent's place in the chat.
             */
            last_read_message_id: string | null;
            /**
             * @description What the caller may do with it.
             * @enum {string}
             */
            access_level: "READ" | "WRITE";
            is_owner: boolean;
        };
        /**
         * @example {
         *       "name": "Fix the login page"
         *     }
         */
        InstancePatch: {
            /** @description The run's new title. */
            name: string;
        };
        /**
         * @example {
         *       "agent_type": "claude code",
         *       "name": "Fix the login page"
         *     }
         */
        InstanceRegistration: {
            /** @description The kind of agent. Stored in lower case and NFC; made if it is new. On one line, with something to see. */
            agent_type: string;
            /**
             * Format: uuid
             * @description The id to register under; made when left out.
             */
            agent_instance_id?: string | null;
            /** @description The run's own title. */
            name?: string | null;
            /** @description How the run is reached, kept as metadata. */
            transport?: string | null;
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "agent_type_id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "agent_type_name": "claude code",
         *       "status": "ACTIVE",
         *       "name": "Fix the login page",
         *       "instance_metadata": {
         *         "transport": "ws"
         *       }
         *     }
         */
        RegisteredInstance: {
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
            /**
             * Format: uuid
             * @description The kind of agent it is a run of.
             */
            agent_type_id: string;
            agent_type_name: string;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /** @description The run's own title. One that nobody has named is called after the first words that a person said to it. */
            name: string | null;
            /** @description What it told about itself at registration. */
            instance_metadata: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21"
         *     }
         */
        SessionEnd: {
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
        };
        /**
         * @example {
         *       "success": true,
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "final_status": "COMPLETED"
         *     }
         */
        SessionEnded: {
            success: boolean;
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            final_status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
        };
        /**
         * @example {
         *       "status": "PAUSED"
         *     }
         */
        StatusChange: {
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
        };
        /**
         * @example {
         *       "total_instances": 4,
         *       "active_instances": 1,
         *       "completed_instances": 3,
         *       "statuses": {
         *         "AWAITING_INPUT": 1,
         *         "COMPLETED": 3
         *       },
         *       "agent_types": [
         *         {
         *           "id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *           "name": "claude code",
         *           "total_instances": 4,
         *           "active_instances": 1
         *         }
         *       ]
         *     }
         */
        Summary: {
            total_instances: number;
            /** @description Those that are active, await input or are paused. */
            active_instances: number;
            completed_instances: number;
            /** @description How many instances are in each status. */
            statuses: {
                [key: string]: number;
            };
            agent_types: components["schemas"]["TypeCounts"][];
        };
        /**
         * @example {
         *       "id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "name": "claude code",
         *       "total_instances": 4,
         *       "active_instances": 1
         *     }
         */
        TypeCounts: {
            /**
             * Format: uuid
             * @description The kind of agent it is a run of.
             */
            id: string;
            name: string;
            total_instances: number;
            /** @description Those that are active, await input or are paused. */
            active_instances: number;
        };
        /**
         * @example {
         *       "id": "0199b1a3-9d0e-7a51-8f0a-0c5f6f1f2a10",
         *       "name": "laptop",
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "expires_at": "2026-04-05T10:00:00.000Z",
         *       "scopes": [
         *         "agent"
         *       ],
         *       "api_key": "sbx_3xmPl3K3********",
         *       "last_used_at": "2026-01-06T08:30:00.000Z",
         *       "is_active": true
         *     }
         */
        ApiKey: {
            /**
             * Format: uuid
             * @description The key.
             */
            id: string;
            name: string;
            /**
             * Format: date-time
             * @description When it was minted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it stops working; null: never.
             */
            expires_at: string | null;
            /** @description `agent`: post, poll, end, and read an instance back. `read`: the monitoring lists and summaries. */
            scopes: ("agent" | "read")[];
            /** @description The first characters of the key, then asterisks. */
            api_key: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute.
             */
            last_used_at: string | null;
            /** @description Neither revoked nor expired. */
            is_active: boolean;
        };
        /**
         * @example {
         *       "name": "laptop",
         *       "expires_in_days": 90
         *     }
         */
        ApiKeyCreate: {
            /** @description What the key is for. */
            name: string;
            /** @description Days until it expires; never when left out. More than 36500 count as that. */
            expires_in_days?: number | null;
            /** @description `agent`: post, poll, end, and read an instance back. `read`: the monitoring lists and summaries. */
            scopes?: ("agent" | "read")[];
        };
        /**
         * @example {
         *       "grace_period_seconds": 3600
         *     }
         */
        ApiKeyRotate: {
            /**
             * @description How long the old secret goes on working.
             * @default 0
             */
            grace_period_seconds?: number;
        };
        /**
         * @example {
         *       "name": "CLI on laptop"
         *     }
         */
        CliKeyCreate: {
            /** @description What the key is for. */
            name?: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a3-9d0e-7a51-8f0a-0c5f6f1f2a10",
         *       "name": "laptop",
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "expires_at": "2026-04-05T10:00:00.000Z",
         *       "scopes": [
         *         "agent"
         *       ],
         *       "api_key": "sbx_3xmPl3K3yThatN0b0dyEverMintedAndN0b0dyWill0nLhK"
         *     }
         */
        NewApiKey: {
            /**
             * Format: uuid
             * @description The key.
             */
            id: string;
            name: string;
            /**
             * Format: date-time
             * @description When it was minted.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it stops working; null: never.
             */
            expires_at: string | null;
            /** @description `agent`: post, poll, end, and read an instance back. `read`: the monitoring lists and summaries. */
            scopes: ("agent" | "read")[];
            /** @description The key itself. It is never shown again. */
            api_key: string;
        };
        /**
         * @example {
         *       "id": "0199b1a0-1111-7c4e-9a7b-3d1c9a5f0e11",
         *       "plan_type": "enterprise",
         *       "agent_limit": -1,
         *       "current_period_end": null,
         *       "cancel_at_period_end": false,
         *       "provider": null
         *     }
         */
        BillingStatus: {
            /**
             * Format: uuid
             * @description The account.
             */
            id: string;
            /**
             * @description Nothing is sold here: every account has everything.
             * @enum {string}
             */
            plan_type: "enterprise";
            /** @description -1: no limit. */
            agent_limit: number;
            /** @description There are no periods. */
            current_period_end: null;
            cancel_at_period_end: boolean;
            /** @description There is nobody to pay. */
            provider: null;
        };
        /**
         * @example {
         *       "message": "Done"
         *     }
         */
        Acknowledgement: {
            /** @description What was done, for people. */
            message: string;
        };
        /**
         * @example {
         *       "base_url": "https://signalbox.example.com",
         *       "mcp_url": "https://signalbox.example.com/mcp",
         *       "snippets": []
         *     }
         */
        AgentConnection: {
            /** @description Where this service is reached; the legacy SDK asks for it. */
            base_url: string;
            /** @description Where agents connect that speak the Model Context Protocol. */
            mcp_url: string;
            /** @description Ready to paste, one for each kind of client. */
            snippets: components["schemas"]["ConnectSnippet"][];
        };
        /**
         * @example {
         *       "id": "claude-code",
         *       "title": "Claude Code",
         *       "language": "shell",
         *       "description": "In a terminal.",
         *       "code": "claude mcp add --transport http signalbox https://signalbox.example.com/mcp --header \"Authorization: Bearer YOUR_API_KEY\""
         *     }
         */
        ConnectSnippet: {
            /** @description Which client it is for. */
            id: string;
            /** @description The client, for people. */
            title: string;
            /** @description What it is written in, for highlighting. */
            language: string;
            /** @description Where it goes. */
            description: string;
            /** @description What to paste, once `YOUR_API_KEY` is replaced by a key. */
            code: string;
        };
        /**
         * @example {
         *       "user_id": "0199b1a4-2d10-7c41-9a02-6f1e0d9c8b7a"
         *     }
         */
        AccountConnectedEvent: {
            /**
             * Format: uuid
             * @description The person whose account it is.
             */
            user_id: string;
        };
        /**
         * @example {
         *       "event": "connected",
         *       "data": {
         *         "user_id": "0199b1a4-2d10-7c41-9a02-6f1e0d9c8b7a"
         *       }
         *     }
         */
        AccountConnectedStreamEvent: {
            /** @enum {string} */
            event: "connected";
            data: components["schemas"]["AccountConnectedEvent"];
        };
        /**
         * @example {
         *       "event_type": "agent_heartbeat",
         *       "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "last_heartbeat_at": "2026-01-05T10:02:00.000Z"
         *     }
         */
        AgentHeartbeatEvent: {
            /** @enum {string} */
            event_type: "agent_heartbeat";
            /**
             * Format: uuid
             * @description The instance.
             */
            instance_id: string;
            /**
             * Format: date-time
             * @description When the agent last gave a sign of life.
             */
            last_heartbeat_at: string;
        };
        /**
         * @example {
         *       "event": "agent_heartbeat",
         *       "data": {
         *         "event_type": "agent_heartbeat",
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "last_heartbeat_at": "2026-01-05T10:02:00.000Z"
         *       }
         *     }
         */
        AgentHeartbeatStreamEvent: {
            /** @enum {string} */
            event: "agent_heartbeat";
            data: components["schemas"]["AgentHeartbeatEvent"];
        };
        /**
         * @example {
         *       "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21"
         *     }
         */
        ConnectedEvent: {
            /**
             * Format: uuid
             * @description The instance.
             */
            instance_id: string;
        };
        /**
         * @example {
         *       "event": "connected",
         *       "data": {
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21"
         *       }
         *     }
         */
        ConnectedStreamEvent: {
            /** @enum {string} */
            event: "connected";
            data: components["schemas"]["ConnectedEvent"];
        };
        /**
         * @example {
         *       "event_type": "error",
         *       "error": "The reader is too slow; reconnect to go on"
         *     }
         */
        ErrorEvent: {
            /** @enum {string} */
            event_type: "error";
            /** @description Why the stream ends. */
            error: string;
        };
        /**
         * @example {
         *       "event": "error",
         *       "data": {
         *         "event_type": "error",
         *         "error": "The reader is too slow; reconnect to go on"
         *       }
         *     }
         */
        ErrorStreamEvent: {
            /** @enum {string} */
            event: "error";
            data: components["schemas"]["ErrorEvent"];
        };
        /**
         * @example {
         *       "event_type": "git_diff_update",
         *       "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "git_diff": null,
         *       "timestamp": "2026-01-05T10:02:00.000Z"
         *     }
         */
        GitDiffUpdateEvent: {
            /** @enum {string} */
            event_type: "git_diff_update";
            /**
             * Format: uuid
             * @description The instance.
             */
            instance_id: string;
            git_diff: string | null;
            /**
             * Format: date-time
             * @description When it changed.
             */
            timestamp: string;
        };
        /**
         * @example {
         *       "event": "git_diff_update",
         *       "data": {
         *         "event_type": "git_diff_update",
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "git_diff": null,
         *         "timestamp": "2026-01-05T10:02:00.000Z"
         *       }
         *     }
         */
        GitDiffUpdateStreamEvent: {
            /** @enum {string} */
            event: "git_diff_update";
            data: components["schemas"]["GitDiffUpdateEvent"];
        };
        /**
         * @example {
         *       "timestamp": "2026-01-05T10:02:00.000Z"
         *     }
         */
        HeartbeatEvent: {
            /**
             * Format: date-time
             * @description Now.
             */
            timestamp: string;
        };
        /**
         * @example {
         *       "event": "heartbeat",
         *       "data": {
         *         "timestamp": "2026-01-05T10:02:00.000Z"
         *       }
         *     }
         */
        HeartbeatStreamEvent: {
            /** @enum {string} */
            event: "heartbeat";
            data: components["schemas"]["HeartbeatEvent"];
        };
        /**
         * @example {
         *       "event_type": "instance_created",
         *       "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "agent_type_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b20",
         *       "agent_type_name": "claude code",
         *       "name": null,
         *       "status": "ACTIVE",
         *       "started_at": "2026-01-05T10:02:00.000Z"
         *     }
         */
        InstanceCreatedEvent: {
            /** @enum {string} */
            event_type: "instance_created";
            /**
             * Format: uuid
             * @description The instance.
             */
            instance_id: string;
            /**
             * Format: uuid
             * @description The kind of agent.
             */
            agent_type_id: string;
            agent_type_name: string;
            name: string | null;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /**
             * Format: date-time
             * @description When it was made.
             */
            started_at: string;
        };
        /**
         * @example {
         *       "event": "instance_created",
         *       "data": {
         *         "event_type": "instance_created",
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "agent_type_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b20",
         *         "agent_type_name": "claude code",
         *         "name": null,
         *         "status": "ACTIVE",
         *         "started_at": "2026-01-05T10:02:00.000Z"
         *       }
         *     }
         */
        InstanceCreatedStreamEvent: {
            /** @enum {string} */
            event: "instance_created";
            data: components["schemas"]["InstanceCreatedEvent"];
        };
        /**
         * @example {
         *       "event_type": "message_insert",
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "content": "Shall I deploy?",
         *       "sender_type": "AGENT",
         *       "sender_user_id": null,
         *       "sender_user_email": null,
         *       "sender_user_display_name": null,
         *       "reported_by_agent": false,
         *       "created_at": "2026-01-05T10:02:00.000Z",
         *       "requires_user_input": true,
         *       "message_metadata": null
         *     }
         */
        MessageEvent: {
            /** @enum {string} */
            event_type: "message_insert";
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
            /**
             * Format: uuid
             * @description The message.
             */
            id: string;
            content: string;
            /** @enum {string} */
            sender_type: "AGENT" | "USER";
            /**
             * Format: uuid
             * @description The person who wrote it; null for an agent.
             */
            sender_user_id: string | null;
            sender_user_email: string | null;
            sender_user_display_name: string | null;
            /** @description An agent says that the person wrote this; it was not sent by the person. It answers a question only if the agent that asked reported it, or one that had posted to the run before, and it is never an approval. */
            reported_by_agent: boolean;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            /** @description It is a question. */
            requires_user_input: boolean;
            /** @description What the sender attached to it; `options` has the choices of a question. */
            message_metadata: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @example {
         *       "event": "message",
         *       "data": {
         *         "event_type": "message_insert",
         *         "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *         "content": "Shall I deploy?",
         *         "sender_type": "AGENT",
         *         "sender_user_id": null,
         *         "sender_user_email": null,
         *         "sender_user_display_name": null,
         *         "reported_by_agent": false,
         *         "created_at": "2026-01-05T10:02:00.000Z",
         *         "requires_user_input": true,
         *         "message_metadata": null
         *       }
         *     }
         */
        MessageStreamEvent: {
            /** @enum {string} */
            event: "message";
            data: components["schemas"]["MessageEvent"];
        };
        /**
         * @example {
         *       "event_type": "message_update",
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "content": "Shall I deploy?",
         *       "sender_type": "AGENT",
         *       "sender_user_id": null,
         *       "sender_user_email": null,
         *       "sender_user_display_name": null,
         *       "reported_by_agent": false,
         *       "created_at": "2026-01-05T10:02:00.000Z",
         *       "requires_user_input": true,
         *       "message_metadata": null,
         *       "old_requires_user_input": false
         *     }
         */
        MessageUpdateEvent: {
            /** @enum {string} */
            event_type: "message_update";
            /**
             * Format: uuid
             * @description The instance.
             */
            agent_instance_id: string;
            /**
             * Format: uuid
             * @description The message.
             */
            id: string;
            content: string;
            /** @enum {string} */
            sender_type: "AGENT" | "USER";
            /**
             * Format: uuid
             * @description The person who wrote it; null for an agent.
             */
            sender_user_id: string | null;
            sender_user_email: string | null;
            sender_user_display_name: string | null;
            /** @description An agent says that the person wrote this; it was not sent by the person. It answers a question only if the agent that asked reported it, or one that had posted to the run before, and it is never an approval. */
            reported_by_agent: boolean;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            /** @description It is a question. */
            requires_user_input: boolean;
            /** @description What the sender attached to it; `options` has the choices of a question. */
            message_metadata: {
                [key: string]: unknown;
            } | null;
            old_requires_user_input: boolean;
        };
        /**
         * @example {
         *       "event": "message_update",
         *       "data": {
         *         "event_type": "message_update",
         *         "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *         "content": "Shall I deploy?",
         *         "sender_type": "AGENT",
         *         "sender_user_id": null,
         *         "sender_user_email": null,
         *         "sender_user_display_name": null,
         *         "reported_by_agent": false,
         *         "created_at": "2026-01-05T10:02:00.000Z",
         *         "requires_user_input": true,
         *         "message_metadata": null,
         *         "old_requires_user_input": false
         *       }
         *     }
         */
        MessageUpdateStreamEvent: {
            /** @enum {string} */
            event: "message_update";
            data: components["schemas"]["MessageUpdateEvent"];
        };
        /**
         * @example {
         *       "event_type": "status_update",
         *       "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "status": "ACTIVE",
         *       "timestamp": "2026-01-05T10:02:00.000Z"
         *     }
         */
        StatusUpdateEvent: {
            /** @enum {string} */
            event_type: "status_update";
            /**
             * Format: uuid
             * @description The instance.
             */
            instance_id: string;
            /**
             * @description What the run is doing.
             * @enum {string}
             */
            status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /**
             * Format: date-time
             * @description When it changed.
             */
            timestamp: string;
        };
        /**
         * @example {
         *       "event": "status_update",
         *       "data": {
         *         "event_type": "status_update",
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *         "status": "ACTIVE",
         *         "timestamp": "2026-01-05T10:02:00.000Z"
         *       }
         *     }
         */
        StatusUpdateStreamEvent: {
            /** @enum {string} */
            event: "status_update";
            data: components["schemas"]["StatusUpdateEvent"];
        };
        /**
         * @description One server-sent event: its `event` field, and the JSON of its `data` field.
         * @example {
         *       "event": "connected",
         *       "data": {
         *         "instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21"
         *       }
         *     }
         */
        StreamEvent: components["schemas"]["ConnectedStreamEvent"] | components["schemas"]["AccountConnectedStreamEvent"] | components["schemas"]["InstanceCreatedStreamEvent"] | components["schemas"]["MessageStreamEvent"] | components["schemas"]["MessageUpdateStreamEvent"] | components["schemas"]["StatusUpdateStreamEvent"] | components["schemas"]["GitDiffUpdateStreamEvent"] | components["schemas"]["AgentHeartbeatStreamEvent"] | components["schemas"]["HeartbeatStreamEvent"] | components["schemas"]["ErrorStreamEvent"];
        /**
         * @example {
         *       "ticket": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
         *       "expires_in": 60
         *     }
         */
        StreamTicket: {
            /** @description Goes into the URL of a stream as `?ticket=`; good for nothing else. */
            ticket: string;
            /** @description Seconds within which a stream must be opened with it. */
            expires_in: number;
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "agent_type": "claude code",
         *       "content": "Reading the code"
         *     }
         */
        AgentMessage: {
            /**
             * Format: uuid
             * @description The instance (run) the message belongs to.
             */
            agent_instance_id: string;
            /** @description The kind of agent; required when the instance is new. */
            agent_type?: string | null;
            /** @description The text, usually Markdown. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
            content: string;
            /**
             * @description It is a question.
             * @default false
             */
            requires_user_input?: boolean | null;
            /** @description Notify by push. Accepted; no channel is set up yet. */
            send_push?: boolean | null;
            /** @description Notify by e-mail. Accepted; no channel is set up yet. */
            send_email?: boolean | null;
            /** @description Notify by SMS. Accepted; no channel is set up yet. */
            send_sms?: boolean | null;
            /** @description A unified diff, or its base64, of at most 8 MiB. Empty clears it, an invalid one is ignored. What cannot be stored of it becomes U+FFFD, and colour codes of terminals are taken out; `warnings` says so. */
            git_diff?: string | null;
            /** @description Anything to attach to the message, of at most 64 KiB as JSON. `webhook_url` is called with the answer, and not kept here; `warnings` has the reason if it cannot be. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
            message_metadata?: ({
                /** @description The choices of a question, shown to the person. One of them, or other words, is the answer. */
                options?: string[];
            } & {
                [key: string]: unknown;
            }) | null;
        };
        /**
         * @example {
         *       "success": true,
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "message_id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "queued_user_messages": [],
         *       "instance_status": "ACTIVE"
         *     }
         */
        AgentMessageAccepted: {
            success: boolean;
            /**
             * Format: uuid
             * @description The instance (run) the message belongs to.
             */
            agent_instance_id: string;
            /**
             * Format: uuid
             * @description The new message.
             */
            message_id: string;
            /** @description What people wrote since the agent last read, oldest first. Each is handed out exactly once, unless the connection is closed before the answer was sent. Of more than 1,000 messages or 8 MiB, the rest comes with the next call. */
            queued_user_messages: components["schemas"]["QueuedMessage"][];
            /**
             * @description What the run is doing. `KILLED` or `FAILED`: it has ended for good, and the agent is to stop. `COMPLETED`: it has ended, and whatever is said in it opens it again.
             * @enum {string}
             */
            instance_status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
            /** @description What was ignored, replaced or not done, and why. */
            warnings?: string[];
        };
        /**
         * @example {
         *       "success": true,
         *       "message_id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "messages": [],
         *       "status": "ok"
         *     }
         */
        InputRequested: {
            success: boolean;
            /**
             * Format: uuid
             * @description The message that is now a question.
             */
            message_id: string;
            /**
             * Format: uuid
             * @description The instance (run) the message belongs to.
             */
            agent_instance_id: string;
            /** @description Answers that were already there, oldest first. */
            messages: components["schemas"]["QueuedMessage"][];
            /**
             * @description `stale`: somebody else has read on from there, or is reading with `confirm`: another process of the agent, another key, or a later poll of this one.
             * @enum {string}
             */
            status: "ok" | "stale";
        };
        /**
         * @example {
         *       "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "content": "Shall I deploy?",
         *       "sender_type": "AGENT",
         *       "sender_user_id": null,
         *       "sender_user_email": null,
         *       "sender_user_display_name": null,
         *       "reported_by_agent": false,
         *       "created_at": "2026-01-05T10:02:00.000Z",
         *       "requires_user_input": true,
         *       "message_metadata": null
         *     }
         */
        Message: {
            /**
             * Format: uuid
             * @description The message.
             */
            id: string;
            content: string;
            /** @enum {string} */
            sender_type: "AGENT" | "USER";
            /**
             * Format: uuid
             * @description The person who wrote it; null for an agent.
             */
            sender_user_id: string | null;
            sender_user_email: string | null;
            sender_user_display_name: string | null;
            /** @description An agent says that the person wrote this; it was not sent by the person. It answers a question only if the agent that asked reported it, or one that had posted to the run before, and it is never an approval. */
            reported_by_agent: boolean;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            /** @description It is a question. */
            requires_user_input: boolean;
            /** @description What the sender attached to it; `options` has the choices of a question. */
            message_metadata: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @example {
         *       "messages": [
         *         {
         *           "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *           "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *           "agent_type": "claude code",
         *           "content": "Reading the code"
         *         }
         *       ]
         *     }
         */
        MessageBatch: {
            messages: {
                /**
                 * Format: uuid
                 * @description The message, chosen by the caller. Sending it again does nothing.
                 */
                id: string;
                /**
                 * Format: uuid
                 * @description The instance (run) the message belongs to.
                 */
                agent_instance_id: string;
                /** @description The kind of agent; required when the instance is new. */
                agent_type?: string;
                /**
                 * @description Whose words they are. A person’s count as read.
                 * @default AGENT
                 * @enum {string}
                 */
                sender_type?: "AGENT" | "USER";
                /** @description The text, usually Markdown. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
                content: string;
                /**
                 * @description It is a question.
                 * @default false
                 */
                requires_user_input?: boolean;
                /** @description Anything to attach to the message, of at most 64 KiB as JSON. `webhook_url` is called with the answer, and not kept here; `warnings` has the reason if it cannot be. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
                message_metadata?: ({
                    /** @description The choices of a question, shown to the person. One of them, or other words, is the answer. */
                    options?: string[];
                } & {
                    [key: string]: unknown;
                }) | null;
                /**
                 * @description It tells of the past: the status of the instance stays as it is, and nobody is notified.
                 * @default false
                 */
                history?: boolean;
            }[];
        };
        /**
         * @example {
         *       "results": [
         *         {
         *           "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *           "status": "created"
         *         }
         *       ]
         *     }
         */
        MessageBatchResult: {
            /** @description What became of each message, in the order sent. */
            results: {
                /**
                 * Format: uuid
                 * @description The message.
                 */
                id: string;
                /**
                 * @description `duplicate`: there is a message with this id already; it stays as it is.
                 * @enum {string}
                 */
                status: "created" | "duplicate" | "failed";
                /** @description What was ignored, replaced or not done, and why. */
                warnings?: string[];
                /** @description Why it failed. */
                error?: {
                    code: string;
                    detail: string;
                };
            }[];
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "messages": [],
         *       "status": "ok",
         *       "instance_status": "AWAITING_INPUT"
         *     }
         */
        PendingMessages: {
            /**
             * Format: uuid
             * @description The instance (run) the message belongs to.
             */
            agent_instance_id: string;
            /** @description What people wrote since, oldest first. */
            messages: components["schemas"]["QueuedMessage"][];
            /**
             * @description `stale`: somebody else has read on from there, or is reading with `confirm`: another process of the agent, another key, or a later poll of this one.
             * @enum {string}
             */
            status: "ok" | "stale";
            /**
             * @description What the run is doing. `KILLED` or `FAILED`: it has ended for good, and the agent is to stop. `COMPLETED`: it has ended, and whatever is said in it opens it again.
             * @enum {string}
             */
            instance_status: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
        };
        /**
         * @example {
         *       "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "content": "Yes, deploy.",
         *       "sender_type": "USER",
         *       "created_at": "2026-01-05T10:02:00.000Z",
         *       "requires_user_input": false
         *     }
         */
        QueuedMessage: {
            /**
             * Format: uuid
             * @description The message.
             */
            id: string;
            content: string;
            /** @enum {string} */
            sender_type: "AGENT" | "USER";
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            requires_user_input: boolean;
        };
        /**
         * @example {
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "content": "Typed in the terminal",
         *       "mark_as_read": true
         *     }
         */
        ReportedUserMessage: {
            /**
             * Format: uuid
             * @description The instance (run) the message belongs to.
             */
            agent_instance_id: string;
            /** @description The text, usually Markdown. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
            content: string;
            /**
             * @description The agent knows it already: do not hand it out again.
             * @default true
             */
            mark_as_read?: boolean | null;
        };
        /**
         * @example {
         *       "content": "Yes, deploy."
         *     }
         */
        UserMessage: {
            /** @description The text. Required without `option_index`. NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so. */
            content?: string;
            /** @description Answers the latest open question with one of its options, counted from 0. `content` then adds a remark. */
            option_index?: number;
        };
        /**
         * @example {
         *       "success": true,
         *       "message_id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "marked_as_read": true
         *     }
         */
        UserMessageReported: {
            success: boolean;
            /**
             * Format: uuid
             * @description The new message.
             */
            message_id: string;
            /** @description It is not handed out to the agent. */
            marked_as_read: boolean;
            /** @description What was ignored, replaced or not done, and why. */
            warnings?: string[];
        };
        /**
         * @example {
         *       "id": "0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54",
         *       "content": "Yes, deploy.",
         *       "sender_type": "USER",
         *       "sender_user_id": "0199b1a0-4f0d-7aa3-9c55-3d0f5d1f2a10",
         *       "sender_user_email": "ada@example.com",
         *       "sender_user_display_name": "Ada",
         *       "reported_by_agent": false,
         *       "created_at": "2026-01-05T10:02:00.000Z",
         *       "requires_user_input": false,
         *       "message_metadata": null
         *     }
         */
        UserMessageStored: {
            /**
             * Format: uuid
             * @description The message.
             */
            id: string;
            content: string;
            /** @enum {string} */
            sender_type: "AGENT" | "USER";
            /**
             * Format: uuid
             * @description The person who wrote it; null for an agent.
             */
            sender_user_id: string | null;
            sender_user_email: string | null;
            sender_user_display_name: string | null;
            /** @description An agent says that the person wrote this; it was not sent by the person. It answers a question only if the agent that asked reported it, or one that had posted to the run before, and it is never an approval. */
            reported_by_agent: boolean;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            created_at: string;
            /** @description It is a question. */
            requires_user_input: boolean;
            /** @description What the sender attached to it; `options` has the choices of a question. */
            message_metadata: {
                [key: string]: unknown;
            } | null;
            /** @description What was ignored, replaced or not done, and why. */
            warnings?: string[];
        };
        /**
         * @example {
         *       "path": "body.content",
         *       "message": "must NOT have fewer than 1 characters"
         *     }
         */
        FieldError: {
            /** @description Where: `body`, `query`, `params` or `headers`, then the field, joined by dots. */
            path: string;
            /** @description What is wrong with it. */
            message: string;
        };
        /**
         * @description An error as RFC 9457 describes it.
         * @example {
         *       "type": "about:blank",
         *       "title": "Bad Request",
         *       "status": 400,
         *       "detail": "body.content must NOT have fewer than 1 characters",
         *       "code": "invalid_request",
         *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11",
         *       "errors": [
         *         {
         *           "path": "body.content",
         *           "message": "must NOT have fewer than 1 characters"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** @description A URI that names the kind of problem. */
            type: string;
            /** @description The kind of problem, the same for every occurrence. */
            title: string;
            /** @description The HTTP status code. */
            status: number;
            /** @description What went wrong this time, for people. */
            detail: string;
            /**
             * @description The kind of problem, for programs.
             * @enum {string}
             */
            code: "invalid_request" | "invalid_json" | "agent_type_required" | "already_requires_input" | "instance_not_found" | "no_webhook" | "missing_credentials" | "invalid_credentials" | "invalid_token" | "token_expired" | "invalid_api_key" | "api_key_expired" | "invalid_refresh_token" | "account_gone" | "session_ended" | "wrong_credential_kind" | "insufficient_scope" | "key_bound_to_instance" | "origin_not_allowed" | "registration_closed" | "not_your_account" | "local_accounts_off" | "external_identities_off" | "email_not_verified" | "wrong_password" | "reauthentication_required" | "not_found" | "method_not_allowed" | "email_taken" | "name_taken" | "already_exists" | "too_many_api_keys" | "too_many_webhooks" | "identity_in_use" | "api_key_inactive" | "user_agent_inactive" | "status_not_allowed" | "no_open_question" | "queue_full" | "idempotency_in_progress" | "idempotency_answer_lost" | "idempotency_key_reused" | "request_timeout" | "instance_deleted" | "body_too_large" | "uri_too_long" | "unsupported_media_type" | "headers_too_large" | "webhook_misconfigured" | "webhook_address_refused" | "webhook_connection_failed" | "webhook_tls_failed" | "webhook_timeout" | "webhook_http_error" | "rate_limited" | "too_many_streams" | "too_many_waits" | "too_much_at_once" | "internal_error" | "unavailable" | "overloaded" | "storage_quota_exceeded";
            /** @description The `X-Request-Id` of the request, to find it in the logs. */
            request_id: string;
            /** @description The fields that are wrong, for bad input. */
            errors?: components["schemas"]["FieldError"][];
            /** @description What a webhook answered, for `webhook_http_error`. */
            remote_status?: number;
            /**
             * Format: uuid
             * @description The run that could not be launched.
             */
            agent_instance_id?: string;
        };
        /**
         * @example {
         *       "status": "healthy"
         *     }
         */
        Health: {
            /** @enum {string} */
            status: "healthy";
        };
        /**
         * @example {
         *       "status": "ready"
         *     }
         */
        Readiness: {
            /** @enum {string} */
            status: "ready";
        };
        /**
         * @example {
         *       "name": "signalbox",
         *       "version": "0.1.0",
         *       "links": {
         *         "docs": "/docs",
         *         "openapi": "/openapi.json",
         *         "health": "/health",
         *         "ready": "/ready"
         *       }
         *     }
         */
        ServiceInfo: {
            name: string;
            version: string;
            links: {
                /** @description Swagger UI. */
                docs: string;
                /** @description This contract. */
                openapi: string;
                health: string;
                ready: string;
            };
        };
        /**
         * @description The runtime fields of the type, see `GET /user-agents/webhook-types`.
         * @example {
         *       "prompt": "Find out why the nightly build fails",
         *       "name": "Nightly build"
         *     }
         */
        Launch: {
            /** @description What the agent is to do; the first message of the chat. */
            prompt?: string | null;
            /** @description The run's title. */
            name?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "success": true,
         *       "agent_instance_id": "0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21",
         *       "message": "The agent was launched",
         *       "error": null
         *     }
         */
        Launched: {
            success: boolean;
            /**
             * Format: uuid
             * @description The new run.
             */
            agent_instance_id: string;
            /** @description What was done, for people. */
            message: string;
            /** @description Always null: a launch that fails is answered with a problem. */
            error: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30",
         *       "name": "nightly triage",
         *       "webhook_url": null,
         *       "has_webhook": false,
         *       "webhook_type": null,
         *       "webhook_config": null,
         *       "is_active": true,
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "updated_at": "2026-01-05T10:00:00.000Z",
         *       "instance_count": 4,
         *       "active_instance_count": 0,
         *       "waiting_instance_count": 1,
         *       "completed_instance_count": 3,
         *       "error_instance_count": 0
         *     }
         */
        UserAgent: {
            /**
             * Format: uuid
             * @description The user agent; the same id as its agent type.
             */
            id: string;
            name: string;
            webhook_url: string | null;
            /** @description It has a webhook to be launched by. */
            has_webhook: boolean;
            webhook_type: string | null;
            /** @description How it is launched. Secrets that are set show as `********`. */
            webhook_config: {
                [key: string]: unknown;
            } | null;
            is_active: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            instance_count: number;
            active_instance_count: number;
            /** @description Awaiting input. */
            waiting_instance_count: number;
            completed_instance_count: number;
            /** @description Failed, killed or disconnected. */
            error_instance_count: number;
        };
        /**
         * @example {
         *       "name": "nightly triage"
         *     }
         */
        UserAgentCreate: {
            /** @description The kind of agent, unique whatever its case. Stored in lower case and NFC. On one line, with something to see. */
            name: string;
            /** @default true */
            is_active?: boolean;
            /** @description One of `GET /user-agents/webhook-types`; null takes the webhook away. */
            webhook_type?: string | null;
            /** @description The build fields of the type. Of a webhook that stays of its type, fields that are left out stay as they are; null removes one. A secret that is sent as `********`, as answers show it, stays as it is. */
            webhook_config?: {
                [key: string]: unknown;
            } | null;
            /** @description The first generation of clients: the type `OMNARA_SERVE`. */
            webhook_url?: string | null;
            /** @description The same: what it is called with. */
            webhook_api_key?: string | null;
        };
        /**
         * @example {
         *       "is_active": false
         *     }
         */
        UserAgentPatch: {
            /** @description The new name. */
            name?: string;
            is_active?: boolean;
            /** @description One of `GET /user-agents/webhook-types`; null takes the webhook away. */
            webhook_type?: string | null;
            /** @description The build fields of the type. Of a webhook that stays of its type, fields that are left out stay as they are; null removes one. A secret that is sent as `********`, as answers show it, stays as it is. */
            webhook_config?: {
                [key: string]: unknown;
            } | null;
            /** @description The first generation of clients: the type `OMNARA_SERVE`. */
            webhook_url?: string | null;
            /** @description The same: what it is called with. */
            webhook_api_key?: string | null;
        };
        /**
         * @description A way to launch agents, described so that forms can be made from it.
         * @example {
         *       "id": "DEFAULT",
         *       "name": "Webhook",
         *       "description": "Calls any URL.",
         *       "icon": "webhook",
         *       "build_fields": [
         *         {
         *           "name": "url",
         *           "label": "URL",
         *           "type": "url",
         *           "required": true,
         *           "description": "Where to call.",
         *           "placeholder": "https://agents.example.com/launch",
         *           "default": null,
         *           "options": null,
         *           "validation_regex": "^https?://",
         *           "is_secret": false
         *         }
         *       ],
         *       "runtime_fields": [
         *         {
         *           "name": "prompt",
         *           "label": "Prompt",
         *           "type": "text",
         *           "required": true,
         *           "description": "Where to call.",
         *           "placeholder": "https://agents.example.com/launch",
         *           "default": null,
         *           "options": null,
         *           "validation_regex": null,
         *           "is_secret": false
         *         }
         *       ]
         *     }
         */
        WebhookType: {
            /** @description The value of `webhook_type`. */
            id: string;
            name: string;
            description: string;
            /** @description The name of an icon. */
            icon: string;
            /** @description What `webhook_config` holds. */
            build_fields: {
                /** @description Its name in `webhook_config`, or in the body of a launch. */
                name: string;
                /** @description What people read. */
                label: string;
                /**
                 * @description What it is entered with. `json` is a string that holds JSON.
                 * @enum {string}
                 */
                type: "string" | "text" | "url" | "password" | "select" | "json";
                required: boolean;
                description: string;
                placeholder: string | null;
                /** @description What counts when it is left out. */
                default: string | null;
                options: string[] | null;
                /** @description A regular expression that the value matches. */
                validation_regex: string | null;
                /** @description Encrypted at rest, and shown masked. */
                is_secret: boolean;
            }[];
            /** @description What a launch is given. */
            runtime_fields: {
                /** @description Its name in `webhook_config`, or in the body of a launch. */
                name: string;
                /** @description What people read. */
                label: string;
                /**
                 * @description What it is entered with. `json` is a string that holds JSON.
                 * @enum {string}
                 */
                type: "string" | "text" | "url" | "password" | "select" | "json";
                required: boolean;
                description: string;
                placeholder: string | null;
                /** @description What counts when it is left out. */
                default: string | null;
                options: string[] | null;
                /** @description A regular expression that the value matches. */
                validation_regex: string | null;
                /** @description Encrypted at rest, and shown masked. */
                is_secret: boolean;
            }[];
        };
        /**
         * @example {
         *       "attempted_at": "2026-01-05T10:00:00.000Z",
         *       "response_status": 200,
         *       "duration_ms": 84,
         *       "error": null,
         *       "response_excerpt": "ok"
         *     }
         */
        DeliveryAttempt: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            attempted_at: string;
            /** @description What the receiver answered; null: nothing. */
            response_status: number | null;
            /** @description How long it took. */
            duration_ms: number;
            /** @description Why there was no answer. */
            error: string | null;
            /** @description The beginning of what the receiver answered. */
            response_excerpt: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a7-52d1-7c44-9a0e-3f1b8d6c2e70",
         *       "url": "https://receiver.example/signalbox",
         *       "events": [
         *         "question.asked"
         *       ],
         *       "description": null,
         *       "is_active": true,
         *       "disabled_reason": null,
         *       "disabled_at": null,
         *       "last_success_at": null,
         *       "last_failure_at": null,
         *       "dropped_count": 0,
         *       "dropped_at": null,
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "updated_at": "2026-01-05T10:00:00.000Z",
         *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
         *     }
         */
        NewWebhook: {
            /**
             * Format: uuid
             * @description The webhook.
             */
            id: string;
            /** @description Null when the server has lost the key that it was sealed with: set it anew. */
            url: string | null;
            events: ("instance.created" | "message.created" | "question.asked" | "instance.status_changed" | "instance.ended" | "ping")[];
            description: string | null;
            /** @description It is told of events. */
            is_active: boolean;
            /**
             * @description Why it is not active. `paused`: by its owner; `gone`: the receiver answered 410; `failing`: all attempts of a delivery failed, and nothing else came through since it was made.
             * @enum {string|null}
             */
            disabled_reason: "paused" | "gone" | "failing" | null;
            /**
             * Format: date-time
             * @description Since when it is not active.
             */
            disabled_at: string | null;
            /**
             * Format: date-time
             * @description When the receiver last accepted something.
             */
            last_success_at: string | null;
            /**
             * Format: date-time
             * @description When an attempt last failed.
             */
            last_failure_at: string | null;
            /** @description Deliveries that were given up before they could be made, as too many waited: the oldest make room. */
            dropped_count: number;
            /**
             * Format: date-time
             * @description When that last happened.
             */
            dropped_at: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
            /** @description What signatures are verified with. Shown this once. */
            secret: string;
        };
        /**
         * @example {
         *       "redelivered": 3
         *     }
         */
        Redelivered: {
            /** @description How many deliveries are tried again. */
            redelivered: number;
        };
        /**
         * @example {
         *       "id": "0199b1a7-52d1-7c44-9a0e-3f1b8d6c2e70",
         *       "url": "https://receiver.example/signalbox",
         *       "events": [
         *         "question.asked"
         *       ],
         *       "description": null,
         *       "is_active": true,
         *       "disabled_reason": null,
         *       "disabled_at": null,
         *       "last_success_at": null,
         *       "last_failure_at": null,
         *       "dropped_count": 0,
         *       "dropped_at": null,
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "updated_at": "2026-01-05T10:00:00.000Z"
         *     }
         */
        Webhook: {
            /**
             * Format: uuid
             * @description The webhook.
             */
            id: string;
            /** @description Null when the server has lost the key that it was sealed with: set it anew. */
            url: string | null;
            events: ("instance.created" | "message.created" | "question.asked" | "instance.status_changed" | "instance.ended" | "ping")[];
            description: string | null;
            /** @description It is told of events. */
            is_active: boolean;
            /**
             * @description Why it is not active. `paused`: by its owner; `gone`: the receiver answered 410; `failing`: all attempts of a delivery failed, and nothing else came through since it was made.
             * @enum {string|null}
             */
            disabled_reason: "paused" | "gone" | "failing" | null;
            /**
             * Format: date-time
             * @description Since when it is not active.
             */
            disabled_at: string | null;
            /**
             * Format: date-time
             * @description When the receiver last accepted something.
             */
            last_success_at: string | null;
            /**
             * Format: date-time
             * @description When an attempt last failed.
             */
            last_failure_at: string | null;
            /** @description Deliveries that were given up before they could be made, as too many waited: the oldest make room. */
            dropped_count: number;
            /**
             * Format: date-time
             * @description When that last happened.
             */
            dropped_at: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updated_at: string;
        };
        /**
         * @example {
         *       "url": "https://receiver.example/signalbox",
         *       "events": [
         *         "question.asked"
         *       ]
         *     }
         */
        WebhookCreate: {
            /** @description Where to POST events: http or https. Addresses that are not on the internet are refused. */
            url: string;
            /** @description What to be told of. `message.created`: a message of an agent or a person; `question.asked`: one that awaits an answer, also if it was a step before; `instance.ended`: a run is `COMPLETED`, `FAILED` or `KILLED`, besides `instance.status_changed`. */
            events: ("instance.created" | "message.created" | "question.asked" | "instance.status_changed" | "instance.ended" | "ping")[];
            /** @description A note for people. */
            description?: string | null;
        };
        /**
         * @example {
         *       "id": "0199b1a8-1f3e-7b90-8c55-6d2a9e4f0b13",
         *       "webhook_id": "0199b1a7-52d1-7c44-9a0e-3f1b8d6c2e70",
         *       "type": "ping",
         *       "agent_instance_id": null,
         *       "status": "pending",
         *       "attempt_count": 0,
         *       "attempts": [],
         *       "next_attempt_at": "2026-01-05T10:00:00.000Z",
         *       "created_at": "2026-01-05T10:00:00.000Z",
         *       "finished_at": null
         *     }
         */
        WebhookDelivery: {
            /**
             * Format: uuid
             * @description The delivery; sent as `webhook-id` with each of its attempts.
             */
            id: string;
            /**
             * Format: uuid
             * @description The webhook.
             */
            webhook_id: string;
            /** @enum {string} */
            type: "instance.created" | "message.created" | "question.asked" | "instance.status_changed" | "instance.ended" | "ping";
            /**
             * Format: uuid
             * @description The run that the event is of.
             */
            agent_instance_id: string | null;
            /**
             * @description `failed`: it is not tried again unless somebody asks for it.
             * @enum {string}
             */
            status: "pending" | "succeeded" | "failed";
            /** @description How often it was tried. */
            attempt_count: number;
            /** @description The last 20 attempts, oldest first. */
            attempts: components["schemas"]["DeliveryAttempt"][];
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            next_attempt_at: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it succeeded, or was given up.
             */
            finished_at: string | null;
        };
        /**
         * @example {
         *       "events": [
         *         "question.asked",
         *         "instance.ended"
         *       ]
         *     }
         */
        WebhookPatch: {
            /** @description Where to POST events: http or https. Addresses that are not on the internet are refused. */
            url?: string;
            /** @description What to be told of. `message.created`: a message of an agent or a person; `question.asked`: one that awaits an answer, also if it was a step before; `instance.ended`: a run is `COMPLETED`, `FAILED` or `KILLED`, besides `instance.status_changed`. */
            events?: ("instance.created" | "message.created" | "question.asked" | "instance.status_changed" | "instance.ended" | "ping")[];
            /** @description A note for people. */
            description?: string | null;
            /** @description `true` enables it again, from now on; `false` pauses it. */
            is_active?: boolean;
        };
        /**
         * @example {
         *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
         *       "previous_secret_expires_at": "2026-01-06T10:00:00.000Z"
         *     }
         */
        WebhookSecret: {
            /** @description What signatures are verified with. Shown this once. */
            secret: string;
            /**
             * Format: date-time
             * @description Until when the old secret signs as well.
             */
            previous_secret_expires_at: string | null;
        };
        /**
         * @example {
         *       "grace_period_seconds": 3600
         *     }
         */
        WebhookSecretRotate: {
            /**
             * @description How long deliveries are signed with the old secret as well.
             * @default 86400
             */
            grace_period_seconds?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getServiceInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Name, version and links. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceInfo"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PostgreSQL answers and its migrations are current. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PostgreSQL does not answer, or its migrations are not current; `detail` says which. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "PostgreSQL does not answer, or its migrations are not current; detail says which.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    /** @description Names this very document, for `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0"
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The document is the one that `If-None-Match` names. */
            304: {
                headers: {
                    /** @description Names this very document, for `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApiYaml: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    /** @description Names this very document, for `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The document is the one that `If-None-Match` names. */
            304: {
                headers: {
                    /** @description Names this very document, for `If-None-Match`. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description The account was created. */
            201: {
                headers: {
                    /** @description The refresh token, HttpOnly, for `POST /api/v1/auth/refresh` only. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Registration is closed on this server, or local accounts are off. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "Registration is closed on this server, or local accounts are off.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The e-mail address is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The e-mail address is taken.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts from this address; `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many attempts from this address; Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    /** @description The refresh token, HttpOnly, for `POST /api/v1/auth/refresh` only. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description E-mail address or password is wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "E-mail address or password is wrong.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Local accounts are off on this server: sign in at its OpenID provider. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "Local accounts are off on this server: sign in at its OpenID provider.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts from this address, or too many wrong passwords for this account, for which pauses grow up to 15 minutes; `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many attempts from this address, or too many wrong passwords for this account, for which pauses grow up to 15 minutes; Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new access token. */
            200: {
                headers: {
                    /** @description The refresh token, HttpOnly, for `POST /api/v1/auth/refresh` only. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no session, it has ended, or its refresh token was used twice. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no session, it has ended, or its refresh token was used twice.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Local accounts are off on this server: sign in at its OpenID provider. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "Local accounts are off on this server: sign in at its OpenID provider.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is refreshed too often, or there were too many failures from this address. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "The session is refreshed too often, or there were too many failures from this address.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountDeletion"];
            };
        };
        responses: {
            /** @description The account is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The password is wrong, or is needed: `reauthentication_required`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "The password is wrong, or is needed: reauthentication_required.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many wrong passwords; `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many wrong passwords; Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilePatch"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    syncUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserSync"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The id is not the one of the signed-in user. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "The id is not the one of the signed-in user.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description The new password is the one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The current password is wrong, or local accounts are off. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "The current password is wrong, or local accounts are off.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, wrong passwords or changes; `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, wrong passwords or changes; Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions that are good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOutElsewhere: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkExternalIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExternalIdentity"];
            };
        };
        responses: {
            /** @description The identity is linked, by now or already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The addresses differ, or this server has no OpenID provider. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "The addresses differ, or this server has no OpenID provider.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The identity has an account of its own. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The identity has an account of its own.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description A run: lists the keys that are bound to it, instead of those that are bound to none. */
                agent_instance_id?: string;
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of keys. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account has 50 active keys already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The account has 50 active keys already.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCliKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CliKeyCreate"];
            };
        };
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account has 50 active keys already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The account has 50 active keys already.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the API key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRotate"];
            };
        };
        responses: {
            /** @description The key with its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key was revoked or has expired, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The key was revoked or has expired, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the API key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer works. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMobileBillingStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No limits. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingStatus"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Return the page just before this message. An id that is not in this chat is ignored. */
                before_message_id?: string;
            };
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the chat, oldest first. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postUserMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserMessage"];
            };
        };
        responses: {
            /** @description The message as it was stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserMessageStored"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description 1,000 messages or 8 MiB wait for the agent already (`queue_full`), no question is open, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "1,000 messages or 8 MiB wait for the agent already (queue_full), no question is open, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamMessages: {
        parameters: {
            query?: {
                /** @description A ticket from `POST /api/v1/events/ticket`, for `EventSource`, which sends no headers. */
                ticket?: string;
                /** @description The access token itself, as legacy clients send it. A ticket is safer in a URL. */
                token?: string;
            };
            header?: {
                /** @description The `id` of the last event that was received; everything after it is sent first, then what is new. Empty for none. */
                "last-event-id"?: string;
            };
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events until the reader leaves, the session ends or there is nothing left to watch; after 24 hours a stream has to be opened anew. The schema is that of each event: its `event` field, and the JSON of its `data` field. It has an `id` to resume from. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description A ticket from `POST /api/v1/events/ticket`, for `EventSource`, which sends no headers. */
                ticket?: string;
                /** @description The access token itself, as legacy clients send it. A ticket is safer in a URL. */
                token?: string;
            };
            header?: {
                /** @description The `id` of the last event that was received; everything after it is sent first, then what is new. Empty for none. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events until the reader leaves, the session ends or there is nothing left to watch; after 24 hours a stream has to be opened anew. The schema is that of each event: its `event` field, and the JSON of its `data` field. It has an `id` to resume from. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserAgentInstances: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). Left out, the page that a `cursor` begins has 50, and without a `cursor` there are up to 1000. */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id of the user agent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest activity first. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    launchAgent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the user agent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Launch"];
            };
        };
        responses: {
            /** @description The webhook accepted the call. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launched"];
                };
            };
            /** @description It has no webhook, or fields are missing; `errors` names them. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "It has no webhook, or fields are missing; errors names them.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is inactive, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It is inactive, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook could not be called, or did not accept the call. */
            424: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Failed Dependency",
                     *       "status": 424,
                     *       "detail": "The webhook could not be called, or did not accept the call.",
                     *       "code": "webhook_connection_failed",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgentInstance: {
        parameters: {
            query?: {
                /** @description How many messages; 0: none. More than 200 count as that. */
                message_limit?: number;
                /** @description Return the page of messages just before this one. An id that is not in this chat is ignored. */
                before_message_id?: string;
            };
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceDetail"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description To an API key: the run was deleted, and its agent is to stop. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "To an API key: the run was deleted, and its agent is to stop.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAgentInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renameAgentInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstancePatch"];
            };
        };
        responses: {
            /** @description The run as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserAgents: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAgent"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUserAgent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserAgentCreate"];
            };
        };
        responses: {
            /** @description The user agent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAgent"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUserAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user agent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateUserAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user agent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserAgentPatch"];
            };
        };
        responses: {
            /** @description The user agent as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAgent"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookType"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of webhooks. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookCreate"];
            };
        };
        responses: {
            /** @description The webhook with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account has 50 webhooks already, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The account has 50 webhooks already, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookSecretRotate"];
            };
        };
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, which is yet to be made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
                status?: "pending" | "succeeded" | "failed";
            };
            header?: never;
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of deliveries. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The webhook. */
                id: string;
                /** @description The delivery. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, which is yet to be made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverFailed: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The id of the webhook. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many there are. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redelivered"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgentConnection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How to connect. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentConnection"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAgentMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentMessage"];
            };
        };
        responses: {
            /** @description The message is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentMessageAccepted"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAgentMessageBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageBatch"];
            };
        };
        responses: {
            /** @description What became of each message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageBatchResult"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It clashes with what is there, or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "It clashes with what is there, or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPendingMessages: {
        parameters: {
            query: {
                /** @description The instance (run) the message belongs to. */
                agent_instance_id: string;
                /** @description The last message the agent knows. Without it nothing is taken: the caller only looks. */
                last_read_message_id?: string;
                /** @description Seconds to wait for a message when there is none. The answer comes as soon as there is one, and after 50 s in any case: many proxies give up after 60. */
                wait?: number;
                /** @description The place stays where it is: the same poll of this key gives the same messages until the agent polls from the last one’s id, or posts. Another key, or all but the latest of several polls at once, is told `stale`. */
                confirm?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was written since. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingMessages"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestUserInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is a question now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InputRequested"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportUserMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportedUserMessage"];
            };
        };
        responses: {
            /** @description The message is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserMessageReported"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description 1,000 messages or 8 MiB wait for the agent already (`queue_full`), or the first request with this `Idempotency-Key` is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "1,000 messages or 8 MiB wait for the agent already (queue_full), or the first request with this Idempotency-Key is under way.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAgentInstances: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). Left out, the page that a `cursor` begins has 50, and without a `cursor` there are up to 1000. */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
                /** @description Whose instances. Nothing is shared yet: `shared` is empty. */
                scope?: "me" | "shared" | "all";
                /** @description What the run is doing. */
                status?: "ACTIVE" | "AWAITING_INPUT" | "PAUSED" | "STALE" | "COMPLETED" | "FAILED" | "KILLED" | "DISCONNECTED" | "DELETED";
                /** @description Only runs of this kind of agent. */
                agent_type_id?: string;
                /** @description Only runs whose title or kind contains this. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest activity first. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such agent type. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such agent type.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerAgentInstance: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes sending the request again safe: for 24 hours the same key gets the first answer again. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceRegistration"];
            };
        };
        responses: {
            /** @description It is registered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredInstance"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is an instance with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "There is an instance with this id.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "The Idempotency-Key was used for another request.",
                     *       "code": "idempotency_key_reused",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Noted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Heartbeat"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionEnd"];
            };
        };
        responses: {
            /** @description It has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run was deleted: its agent is to stop. For 90 days no run is made under its id. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "The run was deleted: its agent is to stop. For 90 days no run is made under its id.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyVerification"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setAgentInstanceStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the agent instance. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusChange"];
            };
        };
        responses: {
            /** @description The run as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The run has failed or was killed, or this status cannot be set. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The run has failed or was killed, or this status cannot be set.",
                     *       "code": "already_exists",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description To an API key: the run was deleted, and its agent is to stop. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "To an API key: the run was deleted, and its agent is to stop.",
                     *       "code": "instance_deleted",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is too large.",
                     *       "code": "body_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body is not application/json.",
                     *       "code": "unsupported_media_type",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account stores as much as it may. Sending it again does not help; deleting runs does. */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Insufficient Storage",
                     *       "status": 507,
                     *       "detail": "The account stores as much as it may. Sending it again does not help; deleting runs does.",
                     *       "code": "storage_quota_exceeded",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAgentTypeInstances: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). Left out, the page that a `cursor` begins has 50, and without a `cursor` there are up to 1000. */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id of the agent type. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest activity first. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such thing, or it is not yours.",
                     *       "code": "not_found",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAgentTypes: {
        parameters: {
            query?: {
                /** @description How many items to return at most (1 to 200). */
                limit?: number;
                /** @description Where the page begins: taken from the `Link` header of the page before. Opaque. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    /** @description The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentType"][];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgentSummary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description The request is malformed; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The request is malformed; errors names the fields.",
                     *       "code": "invalid_request",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "Credentials are missing, wrong or expired.",
                     *       "code": "invalid_token",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description These credentials may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403,
                     *       "detail": "These credentials may not do this.",
                     *       "code": "wrong_credential_kind",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408,
                     *       "detail": "The request took too long to arrive.",
                     *       "code": "request_timeout",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The URL is longer than 8 KiB, or an id in it too long. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "URI Too Long",
                     *       "status": 414,
                     *       "detail": "The URL is longer than 8 KiB, or an id in it too long.",
                     *       "code": "uri_too_long",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests, or too many bytes of the account under way at once (`too_much_at_once`): 32 MiB of bodies, or of answers that are not read. `Retry-After` says when to go on. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "Retry-After"?: number;
                    /** @description How many requests a minute may have. */
                    "RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until the next minute begins. */
                    "RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Too many requests, or too many bytes of the account under way at once (too_much_at_once): 32 MiB of bodies, or of answers that are not read. Retry-After says when to go on.",
                     *       "code": "rate_limited",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The headers are larger than 16 KiB, or more than 100. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Request Header Fields Too Large",
                     *       "status": 431,
                     *       "detail": "The headers are larger than 16 KiB, or more than 100.",
                     *       "code": "headers_too_large",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An error of the service; nothing about it is shown. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500,
                     *       "detail": "An error of the service; nothing about it is shown.",
                     *       "code": "internal_error",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the OpenID provider is away, or the service has too much to do; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database or the OpenID provider is away, or the service has too much to do; see Retry-After.",
                     *       "code": "unavailable",
                     *       "request_id": "0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
