import { randomUUID } from 'node:crypto'

/** A person with an account, and the key of its agents. */
export interface Account {
  readonly userId: string
  /** Valid for 15 minutes. */
  readonly token: string
  readonly key: string
  readonly email: string
  readonly password: string
}

export async function signUp(url: string): Promise<Account> {
  const email = `${randomUUID()}@example.com`
  const password = randomUUID()
  const { access_token: token, user } = await call<SignedIn>(url, '/auth/register', { email, password })
  const { api_key: key } = await call<{ api_key: string }>(url, '/auth/api-keys', { name: 'benchmark' }, token)
  return { userId: user.id, token, key, email, password }
}

/** One after the other: hashing passwords takes the whole machine. */
export async function signUpMany(url: string, count: number): Promise<Account[]> {
  const accounts: Account[] = []
  while (accounts.length < count) accounts.push(await signUp(url))
  return accounts
}

/** @returns the account with a fresh token */
export async function logIn(url: string, account: Account): Promise<Account> {
  const { email, password } = account
  return { ...account, token: (await call<SignedIn>(url, '/auth/login', { email, password })).access_token }
}

interface SignedIn {
  readonly access_token: string
  readonly user: { readonly id: string }
}

async function call<T>(url: string, path: string, body: object, credential?: string): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(credential ? { authorization: `Bearer ${credential}` } : {}) },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
  return response.json()
}
