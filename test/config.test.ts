import t from 'tap'
import { ConfigError, ConfigSchema, loadConfig, splitList } from '../src/config.js'

const SECRET = '0123456789 0123456789 0123456789'
const KEY = '3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs='
const DATABASE_URL = 'postgres://me:hunter2@db.example.com:5432/signalbox'

/** The message that these settings are refused with. */
function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'accepted'
}

t.test('nothing has to be set', async (t) => {
  t.strictSame(loadConfig({}), {
    PORT: 8000,
    HOST: 'localhost',
    DATA_DIR: '.data',
    DATABASE_POOL_MAX: 16,
    REGISTRATION: 'open',
    LOCAL_ACCOUNTS: 'on',
    LEGACY_SIGN_IN: 'off',
    RATE_LIMIT_MAX: 60_000,
    RATE_LIMIT_ANONYMOUS_MAX: 3_000,
    RATE_LIMIT_AUTH_MAX: 300,
    RATE_LIMIT_STORE: 'memory',
    ACCOUNT_QUOTA_BYTES: 20 * 1024 ** 3,
    HEARTBEAT_TIMEOUT: 120,
    SILENCE_TIMEOUT: 86_400,
    WEBHOOK_TIMEOUT_MS: 30_000,
    GITHUB_API_URL: 'https://api.github.com',
    LOG_LEVEL: 'info',
  })
})

t.test('settings are taken from the environment, and variables of others are not', async (t) => {
  const config = loadConfig({ PORT: '0', DATABASE_POOL_MAX: '4', LOG_LEVEL: 'warn', PATH: '/usr/bin', port: '9' })
  t.match(config, { PORT: 0, DATABASE_POOL_MAX: 4, LOG_LEVEL: 'warn' })
  t.strictSame(
    Object.keys(config).filter((name) => !(name in ConfigSchema.properties)),
    [],
  )
})

t.test('an empty variable counts as unset, and white space around a value does not count', async (t) => {
  t.match(loadConfig({ PORT: '', HOST: '  ', JWT_SECRET: '', LOG_LEVEL: ' debug ' }), {
    PORT: 8000,
    HOST: 'localhost',
    JWT_SECRET: undefined,
    LOG_LEVEL: 'debug',
  })
})

t.test('every setting says what it is for', async (t) => {
  for (const [name, schema] of Object.entries(ConfigSchema.properties)) t.ok(schema.description, name)
})

t.test(
  'each bad setting is named, with what is wrong and, unless it is to be a number, without its value',
  async (t) => {
    const bad = {
      PORT: ['eighty', '-1', '65536', '80.5', 'NaN', '8000;', 'true'],
      PUBLIC_URL: ['signalbox.example.com', 'ftp://example.com', 'https://example.com/path', 'https://example.com?x=1'],
      DATABASE_URL: ['mysql://me:hunter2@db/x', 'db.example.com', 'postgres://me:hunter2@:no-port/x'],
      DATABASE_POOL_MAX: ['0', '1', '1001', 'many'],
      JWT_SECRET: ['sesame', 'x'.repeat(31)],
      SECRETS_KEY: ['sesame', ',', 'A'.repeat(42), `${KEY},${'B'.repeat(45)}`, `${KEY} ${KEY}`, '!'.repeat(43)],
      REGISTRATION: ['maybe', 'OPEN', 'true'],
      LEGACY_SIGN_IN: ['maybe', 'ON', 'true'],
      CORS_ORIGINS: ['*', 'example.com', 'https://a.example.com,nonsense', 'https://example.com/path'],
      TRUST_PROXY: [
        ...['yes', '0', '-1', '1.5', '100', '1,2', '0x1', ',', 'true,10.0.0.1'],
        ...['10.0.0.0/33', '10.0.0.0/0', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '127.0.0.1,my-proxy', '/8'],
      ],
      RATE_LIMIT_MAX: ['-1', '1.5', 'off'],
      RATE_LIMIT_ANONYMOUS_MAX: ['-1', '1.5', 'off'],
      RATE_LIMIT_AUTH_MAX: ['-1', '1.5', 'off'],
      RATE_LIMIT_STORE: ['redis', 'Memory'],
      GITHUB_API_URL: ['api.github.com', 'ftp://api.github.com', 'https://me:hunter2@github.com', 'https://:no-port'],
      WEBHOOK_TIMEOUT_MS: ['99', '120001', 'soon'],
      WEBHOOK_ALLOW_NETWORKS: ['10.0.0.1', '10.0.0.0/33', 'fd00::/129', 'localhost', 'all', '::1/x', 'fe80::%eth0/10'],
      LOG_LEVEL: ['loud', 'INFO'],
    }
    for (const [name, values] of Object.entries(bad)) {
      for (const value of values) {
        const message = refusal({ JWT_SECRET: SECRET, [name]: value })
        t.match(message, new RegExp(`^bad configuration: ${name} \\S`), `${name}=${value}`)
        const isNumber = ['PORT', 'DATABASE_POOL_MAX', 'WEBHOOK_TIMEOUT_MS'].includes(name)
        if (isNumber) t.match(message, `, not ${value}`)
        else if (value.length > 4) t.notMatch(message.replaceAll(/must be one of.*/g, ''), value)
        t.notMatch(message, 'hunter2')
      }
    }
  },
)

t.test('a choice is refused with what can be chosen', async (t) => {
  t.equal(refusal({ REGISTRATION: 'maybe' }), 'bad configuration: REGISTRATION must be one of open, closed')
})

t.test('all bad settings are named at once', async (t) => {
  const message = refusal({ PORT: 'x', LOG_LEVEL: 'x', TRUST_PROXY: 'x', DATABASE_URL })
  t.strictSame(
    message
      .replace('bad configuration: ', '')
      .split('; ')
      .map((complaint) => complaint.split(' ')[0]),
    ['PORT', 'LOG_LEVEL', 'JWT_SECRET', 'TRUST_PROXY'],
  )
})

t.test('an external database needs a secret of its own, as there is no DATA_DIR to keep one in', async (t) => {
  t.equal(refusal({ DATABASE_URL }), 'bad configuration: JWT_SECRET is required with DATABASE_URL')
  t.equal(refusal({ DATABASE_URL, JWT_SECRET: SECRET }), 'accepted')
})

t.test('in production a key for secrets has to be a good one, if there is one', async (t) => {
  const production = { NODE_ENV: 'production', DATABASE_URL, JWT_SECRET: 'u8Zq1vX4mN7rT2wY5bE9hK3pL6sD0gJcQfAoViRx' }
  t.equal(refusal(production), 'accepted', 'it comes from JWT_SECRET')
  t.match(refusal({ ...production, SECRETS_KEY: 'A'.repeat(43) }), /SECRETS_KEY has too few different characters/)
  t.equal(refusal({ ...production, SECRETS_KEY: KEY }), 'accepted')
})

t.test('what operators write is accepted', async (t) => {
  for (const [name, values] of Object.entries({
    PUBLIC_URL: ['http://localhost:8000', 'https://signalbox.example.com'],
    DATABASE_URL: [DATABASE_URL, 'postgresql://db/x?sslmode=require', 'postgres:///signalbox?host=/run/postgresql'],
    CORS_ORIGINS: ['https://a.example.com', 'https://a.example.com, http://localhost:5173'],
    TRUST_PROXY: [
      'true',
      'false',
      '1',
      '12',
      '127.0.0.1',
      '10.0.0.0/8, fd00::/8,::1',
      'loopback',
      'uniquelocal,linklocal',
    ],
    JWT_SECRET: ['x'.repeat(32)],
    SECRETS_KEY: [KEY, KEY.replace('=', ''), KEY.replaceAll('+', '-'), `${KEY}, ${KEY}`],
    WEBHOOK_ALLOW_NETWORKS: ['127.0.0.0/8', '10.0.0.0/8, fd00::/8,::1/128', '0.0.0.0/0,::/0'],
  })) {
    for (const value of values) t.equal(refusal({ JWT_SECRET: SECRET, [name]: value }), 'accepted', `${name}=${value}`)
  }
})

t.test('a list is split at commas, and empty items are left out', async (t) => {
  t.strictSame(splitList(undefined), [])
  t.strictSame(splitList(' , a ,b,, '), ['a', 'b'])
})
