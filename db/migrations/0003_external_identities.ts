import { type Kysely, sql } from 'kysely'

/**
 * Who a user is at an OpenID provider. `identity_hash` is the SHA-256 of issuer and subject: what a token shows to know,
 * before anybody knows whose it is. It cannot be unique by itself, as unique keys include `user_id`; whoever adds a row
 * takes the lock of the identity first (see src/modules/oidc/queries.ts).
 *
 * Accounts that came from a provider have no password, and no address unless the provider has verified it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table users
  alter column email drop not null,
  alter column password_hash drop not null,
  add constraint users_password_needs_email check (password_hash is null or email is not null);

create table external_identities (
  user_id       uuid not null references users (id) on delete cascade,
  identity_hash text not null,
  issuer        text not null,
  subject       text not null,
  created_at    timestamptz(3) not null default now(),
  primary key (user_id, identity_hash),
  unique (identity_hash, user_id)
);

alter table external_identities enable row level security;
alter table external_identities force row level security;
create policy tenant on external_identities
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy credential on external_identities for select using (identity_hash = (select current_credential()));
`)
    .execute(db)
}
