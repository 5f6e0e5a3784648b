// What shows runs together with what other modules have: it stands above those.
export { sharedRoutes } from './detail.js'
export { monitoringRoutes, userRoutes } from './lists.js'
