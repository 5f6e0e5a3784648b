import { ExternalIdentity } from '../../../schemas/accounts.js'
import { Acknowledgement, Limits, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { ProblemError } from '../../errors.js'
import type { Routes } from '../../routes.js'
import type { ExternalIdentities } from './service.js'

/** Linking identities: for people alone. */
export async function userRoutes(
  app: Routes,
  { externalIdentities }: { readonly externalIdentities: ExternalIdentities | undefined },
): Promise<void> {
  app.put(
    '/auth/external-identity',
    {
      bodyLimit: Limits.identityBody,
      schema: {
        operationId: 'linkExternalIdentity',
        summary: 'Link an OpenID identity to the own account',
        description:
          'From then on, tokens of that identity are tokens of this account. The provider has to have verified that it ' +
          "is the account's e-mail address, and the identity must not have an account of its own.",
        tags: ['Accounts'],
        body: ref(ExternalIdentity),
        response: {
          200: ref(Acknowledgement, { description: 'The identity is linked, by now or already.' }),
          403: problem(403, 'The addresses differ, or this server has no OpenID provider.'),
          409: problem(409, 'The identity has an account of its own.'),
        },
      },
    },
    async ({ tenant, body }) => {
      if (!externalIdentities) {
        throw new ProblemError('external_identities_off', 'This server has no OpenID provider')
      }
      await externalIdentities.link(tenant, body.token)
      return { message: 'Identity linked' }
    },
  )
}
