import t from 'tap'
import { startService, type TestService } from '../helpers/app.js'

t.test('whom a forwarded address is believed', async (t) => {
  const cases: [trustProxy: string | undefined, remote: string, forwarded: string, seen: string, why: string][] = [
    [undefined, '10.0.0.1', '192.0.2.1', '10.0.0.1', 'nobody, by default'],
    ['false', '10.0.0.1', '192.0.2.1', '10.0.0.1', 'nobody'],
    ['true', '10.0.0.1', '192.0.2.1', '192.0.2.1', 'everybody'],
    ['10.0.0.0/8', '10.0.0.1', '192.0.2.1', '192.0.2.1', 'a proxy'],
    ['10.0.0.0/8', '203.0.113.9', '192.0.2.1', '203.0.113.9', 'but not somebody who is none'],
    ['10.0.0.0/8', '10.0.0.1', '192.0.2.66, 192.0.2.1', '192.0.2.1', 'of what the caller itself sent, nothing'],
    ['10.0.0.0/8', '10.0.0.1', '192.0.2.1, 10.0.0.2', '192.0.2.1', 'a proxy behind another'],
    ['loopback, 10.0.0.1', '127.0.0.1', '192.0.2.1, 10.0.0.1', '192.0.2.1', 'several proxies'],
    ['1', '203.0.113.9', '192.0.2.66, 192.0.2.1', '192.0.2.1', 'of what the caller itself sent, nothing, with a count'],
    ['1', '203.0.113.9', '192.0.2.1', '192.0.2.1', 'one proxy, wherever it is'],
    ['2', '203.0.113.9', '192.0.2.66, 192.0.2.1, 10.0.0.2', '192.0.2.1', 'two proxies'],
    ['2', '203.0.113.9', '192.0.2.1', '192.0.2.1', 'fewer than were counted'],
    ['fd00::/8', 'fd00::1', '2001:db8::1', '2001:db8::1', 'and so with IPv6'],
  ]
  const services = new Map<string | undefined, TestService>()
  for (const [trustProxy, remoteAddress, forwarded, seen, why] of cases) {
    const settings = trustProxy === undefined ? {} : { TRUST_PROXY: trustProxy }
    const service = services.get(trustProxy) ?? (await startService(t, settings))
    services.set(trustProxy, service)
    await service.app.inject({ url: '/health', remoteAddress, headers: { 'x-forwarded-for': forwarded } })
    t.equal(lastAddress(service), seen, why)
  }
})

t.test('cookies are for https only where a trusted proxy says that there is https', async (t) => {
  const cookieSetBehind = async (trustProxy: string) => {
    const { request } = await startService(t, { TRUST_PROXY: trustProxy })
    const body = { email: 'ada@example.com', password: 'correct horse battery staple' }
    const headers = { 'x-forwarded-proto': 'https' }
    return (await request('POST', '/api/v1/auth/register', { body, headers })).headers['set-cookie']
  }
  t.match(await cookieSetBehind('true'), /; Secure/)
  t.notMatch(await cookieSetBehind('10.0.0.0/8'), /; Secure/)
})

t.test('the operator is told when addresses are not what they seem', async (t) => {
  const warnings = ({ logged }: TestService) =>
    logged.map((line) => JSON.parse(line)).filter(({ level, msg }) => level === 40 && /TRUST_PROXY/.test(msg))
  const forwarded = { headers: { 'x-forwarded-for': '192.0.2.1' } }
  const ask = (service: TestService) => service.request('GET', '/health', forwarded)

  const unset = await startService(t)
  await unset.request('GET', '/health')
  t.equal(warnings(unset).length, 0, 'nothing was forwarded')
  await Promise.all([ask(unset), ask(unset), ask(unset)])
  t.match(warnings(unset), [{ msg: /TRUST_PROXY is not set/ }])
  t.equal(warnings(unset).length, 1, 'once is enough')

  const everybody = await startService(t, { TRUST_PROXY: 'true' })
  t.match(warnings(everybody), [{ msg: /TRUST_PROXY=true believes/ }], 'at the start')

  for (const setting of ['false', '1', '10.0.0.0/8']) {
    const service = await startService(t, { TRUST_PROXY: setting })
    await ask(service)
    t.equal(warnings(service).length, 0, setting)
  }
})

/** Whom the service took for the caller of the last request, as its log shows. */
function lastAddress({ logged }: TestService): string | undefined {
  return logged.map((line) => JSON.parse(line)).findLast(({ msg }) => msg === 'request')?.ip
}
