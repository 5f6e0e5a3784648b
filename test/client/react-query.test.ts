import { QueryClient } from '@tanstack/react-query'
import createQueryClient from 'openapi-react-query'
import { createSignalboxClient, type SignalboxClient } from 'signalbox/client'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { listen } from '../helpers/network.js'

t.test('openapi-react-query takes the client as it is', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const { body: run } = await agent('POST', '/agent-instances', {
    agent_type: 'claude code',
    name: 'Fix the login page',
  })
  const client = createSignalboxClient({ baseUrl: await listen(service), token: user.token })
  const queries = createQueryClient(client)
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } })

  const listed = await cache.fetchQuery(
    queries.queryOptions('get', '/api/v1/agent-instances', { params: { query: { status: 'ACTIVE' } } }),
  )
  const names: (string | null)[] = listed.map(({ name }) => name)
  t.strictSame(names, ['Fix the login page'])

  const params = { path: { id: String(run.agent_instance_id) } }
  const detail = await cache.fetchQuery(queries.queryOptions('get', '/api/v1/agent-instances/{id}', { params }))
  t.equal(detail.agent_type_name, 'claude code')
  const nobody = { path: { id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21' } }
  const missing = queries.queryOptions('get', '/api/v1/agent-instances/{id}', { params: nobody })
  await t.rejects(cache.fetchQuery(missing), { code: 'not_found' })
})

t.test('the client has every method of openapi-fetch, and request', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const client = createSignalboxClient({ baseUrl: await listen(service), token: user.token })
  for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'request'] as const) {
    t.type(client[method], 'function', method)
  }
  const { data } = await client.request('get', '/api/v1/auth/me')
  t.equal(data?.id, user.id)
})

/** Never called: `tsc --build` fails if one of these compiles. */
export async function mistakes(client: SignalboxClient): Promise<unknown[]> {
  const queries = createQueryClient(client)
  // @ts-expect-error: there is no such path
  const path = queries.queryOptions('get', '/api/v1/agent-instancess')
  // @ts-expect-error: there is no such status
  const status = queries.queryOptions('get', '/api/v1/agent-instances', { params: { query: { status: 'RUNNING' } } })
  // @ts-expect-error: there is no such parameter
  const parameter = client.request('get', '/api/v1/agent-instances', { params: { query: { statsu: 'ACTIVE' } } })
  // @ts-expect-error: the run's id is missing
  const id = client.request('delete', '/api/v1/agent-instances/{id}')
  return [path, status, parameter, id]
}
