import t from 'tap'
import { loadConfig } from '../../src/config.js'

const complete = { OIDC_ISSUER: 'https://id.example.com/', OIDC_AUDIENCE: 'signalbox' }

t.test('a provider is configured by its issuer, to the letter, and an audience', async (t) => {
  t.match(loadConfig(complete), { ...complete, LOCAL_ACCOUNTS: 'on' })
  t.match(loadConfig({ ...complete, LOCAL_ACCOUNTS: 'off' }), { LOCAL_ACCOUNTS: 'off' })
  for (const host of ['localhost:9000', '127.0.0.1', '127.1', '[::1]:80']) {
    t.match(loadConfig({ ...complete, OIDC_ISSUER: `http://${host}/realm` }), {}, `${host} is this machine`)
  }
})

t.test('settings that would let nobody in, or anybody, are refused and named', async (t) => {
  const cases: [settings: Record<string, string>, complaint: RegExp][] = [
    [{ OIDC_ISSUER: complete.OIDC_ISSUER }, /OIDC_AUDIENCE is required/],
    [{ OIDC_AUDIENCE: 'x' }, /OIDC_ISSUER is required/],
    [{ ...complete, OIDC_AUDIENCE: ' , ' }, /OIDC_AUDIENCE/],
    [{ LOCAL_ACCOUNTS: 'off' }, /LOCAL_ACCOUNTS/],
    [{ LOCAL_ACCOUNTS: 'no' }, /LOCAL_ACCOUNTS must be one of on, off/],
    ...[
      'http://id.example.com',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
      'https://user:password@id.example.com',
      'https://id.example.com?tenant=1',
      'https://id.example.com#x',
      'https://',
      'id.example.com',
      'file:///etc/passwd',
    ].map((OIDC_ISSUER): [Record<string, string>, RegExp] => [{ ...complete, OIDC_ISSUER }, /OIDC_ISSUER/]),
  ]
  for (const [settings, complaint] of cases) {
    t.throws(() => loadConfig(settings), { name: 'ConfigError', message: complaint }, JSON.stringify(settings))
  }
})
