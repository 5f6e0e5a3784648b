// Views that join runs with data of other modules: this module stands above those.
export { sharedRoutes } from './detail.js'
export { monitoringRoutes, userRoutes } from './lists.js'
