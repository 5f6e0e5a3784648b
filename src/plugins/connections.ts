import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Lets the service stop although somebody holds a connection on which nothing was ever sent. Browsers and HTTP clients
 * open such in advance. Node does not count them as idle (`closeIdleConnections` passes them over), so that closing the
 * server would wait until they are given up.
 */
export const connections = fp(
  async (app: FastifyInstance) => {
    const open = new Set<Socket>()
    app.server.on('connection', (socket: Socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
    app.addHook('preClose', async () => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    })
  },
  { name: 'connections' },
)
