import { type Static, Type } from '@sinclair/typebox'

/**
 * Every setting, as an environment variable. The README's table is checked against this schema.
 * An empty variable counts as unset.
 */
export const ConfigSchema = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8000,
    description: 'Port to listen on; 0 takes a free one.',
  }),
  HOST: Type.String({
    default: 'localhost',
    description: 'Address to listen on. `0.0.0.0` makes the service reachable from other machines.',
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/?#]+$',
      description:
        'How callers reach the service, such as `https://signalbox.example.com`. With https, cookies are `Secure`, ' +
        'and browsers are told to keep to https.',
    }),
  ),
  DATA_DIR: Type.String({
    default: '.data',
    description: 'Folder of the embedded database and of generated secrets. Not used with `DATABASE_URL`.',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'An external PostgreSQL 15 or newer: a role that owns the database and may create roles.',
    }),
  ),
  DATABASE_POOL_MAX: Type.Integer({
    minimum: 2,
    maximum: 1000,
    default: 16,
    description:
      'The most database connections for queries; an account has a quarter of them at most while others wait. Four more ' +
      'are for events, readiness and what one process at a time does.',
  }),
  JWT_SECRET: Type.Optional(
    Type.String({
      minLength: 32,
      description:
        'Signs access tokens; at least 32 characters, with `NODE_ENV=production` no placeholder. ' +
        'Required with `DATABASE_URL`, else generated into `DATA_DIR`.',
    }),
  ),
  SECRETS_KEY: Type.Optional(
    Type.String({
      description:
        'Encrypts the secrets of webhooks in the database: 32 bytes in base64. Several, separated by commas, while one ' +
        'replaces another: the first encrypts, all decrypt; `npm run rotate-secrets` makes the others superfluous. ' +
        'Without it, a key is generated into `DATA_DIR`; with `DATABASE_URL` it is derived from `JWT_SECRET`.',
    }),
  ),
  REGISTRATION: Type.Union([Type.Literal('open'), Type.Literal('closed')], {
    default: 'open',
    description: '`open`: anyone may register a local account. `closed`: nobody may.',
  }),
  LOCAL_ACCOUNTS: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: '`off`: people sign in at the OpenID provider only; nobody by password.',
  }),
  LEGACY_SIGN_IN: Type.Union([Type.Literal('off'), Type.Literal('on')], {
    default: 'off',
    description:
      '`on`: the Omnara web and mobile apps, which sign in by supabase-js, do so here, at `/auth/v1`, with local accounts.',
  }),
  OIDC_ISSUER: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#]+$',
      description:
        'Issuer URL of an OpenID provider whose tokens are accepted, to the letter as in its tokens. With `OIDC_AUDIENCE`.',
    }),
  ),
  OIDC_AUDIENCE: Type.Optional(
    Type.String({
      description: 'What the `aud` of its tokens has to name; of several, separated by commas, one.',
    }),
  ),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: '^https?://[^/,\\s]+(\\s*,\\s*https?://[^/,\\s]+)*$',
      description: 'Origins of web frontends that may call from a browser, separated by commas.',
    }),
  ),
  TRUST_PROXY: Type.Optional(
    Type.String({
      description:
        'The proxies in front, whose `X-Forwarded-*` headers are believed: their number, such as `1`, if nobody gets past ' +
        'them, or their addresses and CIDRs, separated by commas. `true` believes everybody, also what a caller writes ' +
        'there itself. `false`: there is none.',
    }),
  ),
  RATE_LIMIT_MAX: Type.Integer({
    minimum: 0,
    default: 60_000,
    description: 'Requests a minute of one account, with all its API keys and sessions together. 0: no limit.',
  }),
  RATE_LIMIT_ANONYMOUS_MAX: Type.Integer({
    minimum: 0,
    default: 3_000,
    description:
      'Requests without good credentials a minute from one address, in each process; `/health`, `/ready` and the files ' +
      'of Swagger UI are not counted. 0: no limit.',
  }),
  RATE_LIMIT_AUTH_MAX: Type.Integer({
    minimum: 0,
    default: 300,
    description:
      'Failed authentications and refreshes, and attempts to log in or register, a minute from one address. 0: no limit.',
  }),
  RATE_LIMIT_STORE: Type.Union([Type.Literal('memory'), Type.Literal('postgres')], {
    default: 'memory',
    description: '`memory`: each process of the service counts by itself. `postgres`: they count together.',
  }),
  ACCOUNT_QUOTA_BYTES: Type.Integer({
    minimum: 0,
    default: 20 * 1024 ** 3,
    description:
      'Bytes that an account may store; beyond them it can read, delete and end runs, and nothing else. 0: no limit.',
  }),
  HEARTBEAT_TIMEOUT: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: 120,
    description:
      'Seconds without a sign of life after which a run that sends heartbeats counts as `STALE`. Agents send one every 30 s.',
  }),
  SILENCE_TIMEOUT: Type.Integer({
    minimum: 0,
    maximum: 31_536_000,
    default: 86_400,
    description:
      'Seconds without a sign of life after which a run that sends no heartbeats counts as `STALE`: its agent has not posted, polled or waited. 0: never.',
  }),
  NATS_URL: Type.Optional(
    Type.String({
      pattern: '^(nats|tls)://[^\\s/?#]+/?$',
      description:
        'A NATS server, such as `nats://user:password@host:4222`, to carry events between processes instead of PostgreSQL.',
    }),
  ),
  WEBHOOK_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 120_000,
    default: 30_000,
    description: 'Milliseconds that a call to a webhook may take in all.',
  }),
  GITHUB_API_URL: Type.String({
    pattern: '^https?://[^\\s?#@]+$',
    default: 'https://api.github.com',
    description: 'The API of GitHub, for launches; of an Enterprise Server `https://github.example.com/api/v3`.',
  }),
  WEBHOOK_ALLOW_NETWORKS: Type.Optional(
    Type.String({
      description:
        'Networks that webhooks may lie in although they are not on the internet, such as `192.168.1.0/24,fd00::/8`: ' +
        'CIDRs, separated by commas. All private, local and special addresses are refused otherwise.',
    }),
  ),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info', description: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.' },
  ),
})

/** The settings, checked, with their defaults filled in. */
export type Config = Static<typeof ConfigSchema>
