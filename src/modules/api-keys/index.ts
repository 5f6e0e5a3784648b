export { userRoutes } from './routes.js'
export { ApiKeys } from './service.js'
