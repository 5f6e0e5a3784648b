import type { WebhookDefinition } from '../webhook-type.js'
import { bearer, prompt, TOKEN, title } from './fields.js'

/** Starts a workflow of GitHub Actions. */
export const GITHUB: WebhookDefinition = {
  id: 'GITHUB',
  name: 'GitHub Actions',
  description: 'Sends a `repository_dispatch` event, on which a workflow of the repository starts the agent.',
  icon: 'github',
  build_fields: [
    {
      name: 'repository',
      label: 'Repository',
      type: 'string',
      required: true,
      description: 'Owner and name.',
      placeholder: 'octo-org/octo-repo',
      validation_regex: '^[A-Za-z0-9_-]+/(?!\\.{1,2}$)[A-Za-z0-9_.-]+$',
    },
    {
      name: 'github_token',
      label: 'GitHub token',
      type: 'password',
      required: true,
      description: 'A token that may write the contents of the repository.',
      placeholder: 'github_pat_…',
      validation_regex: TOKEN,
      is_secret: true,
    },
    {
      name: 'event_type',
      label: 'Event type',
      type: 'string',
      description: 'What the workflow listens for.',
      default: 'omnara-trigger',
      validation_regex: '^[^\\s]{1,100}$',
    },
  ],
  runtime_fields: [prompt, title],
  build: ({ githubApiUrl }) => {
    const api = githubApiUrl.replace(/\/+$/, '')
    return ({ config, fields, instanceId, agentType, apiKey }) => ({
      url: `${api}/repos/${config['repository']}/dispatches`,
      headers: {
        ...bearer(config['github_token']),
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      },
      body: {
        event_type: config['event_type'],
        client_payload: {
          ...fields,
          agent_instance_id: instanceId,
          agent_type: agentType,
          omnara_api_key: apiKey,
        },
      },
    })
  },
}
