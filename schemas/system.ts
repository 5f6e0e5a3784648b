import { Type } from '@sinclair/typebox'
import { component, stringEnum } from './common.js'

/** Answer to `GET /`. */
export const ServiceInfo = component(
  'ServiceInfo',
  Type.Object({
    name: Type.String(),
    version: Type.String(),
    links: Type.Object({
      docs: Type.String({ description: 'Swagger UI.' }),
      openapi: Type.String({ description: 'This contract.' }),
      health: Type.String(),
      ready: Type.String(),
    }),
  }),
  {
    name: 'signalbox',
    version: '0.1.0',
    links: { docs: '/docs', openapi: '/openapi.json', health: '/health', ready: '/ready' },
  },
)

/** Answer to `GET /health`. */
export const Health = component('Health', Type.Object({ status: stringEnum(['healthy']) }), { status: 'healthy' })

/** Answer to `GET /ready`. */
export const Readiness = component('Readiness', Type.Object({ status: stringEnum(['ready']) }), { status: 'ready' })
