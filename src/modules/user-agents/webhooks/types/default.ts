import { customHeaders } from '../headers.js'
import type { WebhookDefinition } from '../webhook-type.js'
import { apiKey, bearer, prompt, title, url } from './fields.js'

/** Posts to any URL. */
export const DEFAULT: WebhookDefinition = {
  id: 'DEFAULT',
  name: 'Webhook',
  description: 'Posts to any URL. What listens there starts the agent.',
  icon: 'webhook',
  build_fields: [
    url,
    apiKey,
    {
      name: 'custom_headers',
      label: 'Custom headers',
      type: 'json',
      description: 'A JSON object of further headers.',
      placeholder: '{"X-Team": "platform"}',
      mayHoldSecrets: true,
      check: (value) => {
        const headers = customHeaders(value)
        return typeof headers === 'string' ? headers : undefined
      },
    },
  ],
  runtime_fields: [prompt, title],
  build:
    () =>
    ({ config, fields, others, instanceId, agentType, apiKey }) => {
      const headers = customHeaders(config['custom_headers'] ?? '{}')
      return {
        url: config['url'] ?? '',
        headers: { ...(typeof headers === 'string' ? {} : headers), ...bearer(config['api_key']) },
        body: { ...others, ...fields, agent_instance_id: instanceId, agent_type: agentType, omnara_api_key: apiKey },
      }
    },
}
