import type { WebhookDefinition } from '../webhook-type.js'
import { apiKey, bearer, prompt, url } from './fields.js'

/** What `omnara serve` accepts: names of branches and folders, and no unknown fields. */
const BRANCH = '^[a-zA-Z0-9-]{1,50}$'

/** Starts Claude Code through `omnara serve`. */
export const OMNARA_SERVE: WebhookDefinition = {
  id: 'OMNARA_SERVE',
  name: 'omnara serve',
  description: 'Posts to `omnara serve`, which starts Claude Code in a worktree of the repository that it runs in.',
  icon: 'terminal',
  build_fields: [url, { ...apiKey, description: 'The secret that `omnara serve` printed when it started.' }],
  runtime_fields: [
    prompt,
    {
      name: 'worktree_name',
      label: 'Worktree',
      type: 'string',
      description: 'The worktree to run in, made if it is new; `main` is the checkout itself. Left out: a new one.',
      placeholder: 'fix-login',
      validation_regex: '^[a-zA-Z0-9-]{1,100}$',
    },
    {
      name: 'branch_name',
      label: 'Branch',
      type: 'string',
      description: 'The branch to work on, made if it is new.',
      placeholder: 'fix-login',
      validation_regex: BRANCH,
    },
  ],
  // Published versions read the branch from `name`, and accept there what the field accepts.
  build:
    () =>
    ({ config, fields, instanceId, agentType, apiKey }) => ({
      url: config['url'] ?? '',
      headers: { ...bearer(config['api_key']), 'x-omnara-api-key': apiKey },
      body: {
        agent_instance_id: instanceId,
        agent_type: agentType,
        ...fields,
        ...(fields['branch_name'] ? { name: fields['branch_name'] } : {}),
      },
    }),
}
