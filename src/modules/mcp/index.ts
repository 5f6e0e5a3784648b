export { userRoutes } from './connect.js'
export { agentRoutes } from './routes.js'
