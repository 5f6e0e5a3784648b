import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { ProblemError } from '../errors.js'

/**
 * Pieces that any body may arrive in, and bytes for which one more is allowed. Networks deliver hundreds of bytes at once, and
 * programs that write a body piece by piece deliver several. One byte in a chunk of its own costs six on the wire, and a
 * hundred times that to keep.
 */
const PIECES = { free: 2048, bytesForOneMore: 64 } as const

/** Requests whose bodies came in too many pieces. */
const fragmented = new WeakSet<IncomingMessage>()

/** @returns whether a number of pieces is too many for a number of bytes */
export function areTooMany(pieces: number, bytes: number): boolean {
  return pieces > PIECES.free + bytes / PIECES.bytesForOneMore
}

/** @returns whether the body of a request came in too many pieces. The rest of it was dropped */
export function isFragmented(request: IncomingMessage): boolean {
  return fragmented.has(request)
}

/** @returns the 400 for such a body */
export function tooManyPieces(): ProblemError {
  return new ProblemError('invalid_request', 'The body comes in too many small pieces: send it in larger ones')
}

/**
 * Counts the chunks of a body as Node.js parses them, before anything reads the body: one read of a connection holds ten
 * thousand chunks of a byte, and Node.js emits all of them before anything else happens. Beyond the limit it drops the rest of
 * that read, and reads no more; `error` of the request gives the reason.
 */
export function watchPieces(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] === undefined) return
  let [pieces, bytes] = [0, 0]
  const push = request.push.bind(request)
  request.push = (piece, encoding) => {
    if (piece === null) return push(piece, encoding)
    pieces += 1
    bytes += piece.length
    if (!areTooMany(pieces, bytes)) return push(piece, encoding)
    if (!fragmented.has(request)) {
      fragmented.add(request)
      request.socket.pause()
      if (request.listenerCount('error') > 0) request.emit('error', tooManyPieces())
    }
    dropBody(request.socket)
    return false
  }
}

/**
 * Makes the parser of a connection drop the rest of what it has read of a body. A function call and a buffer for each chunk are
 * nearly the whole cost of one-byte chunks; without a listener the parser skips both. It gets the listener back before the
 * connection is read again, or the parser passes to another connection.
 *
 * Source: Node.js, `lib/_http_common.js` (`parserOnBody`) and `src/node_http_parser.cc` (`on_body`). If the listener has
 * another name, the chunks are emitted one by one, and dropped here.
 */
function dropBody(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser')
  if (typeof parser !== 'object' || parser === null) return
  for (const [slot, listener] of Object.entries(parser)) {
    if (typeof listener !== 'function' || listener.name !== 'parserOnBody') continue
    Reflect.set(parser, slot, undefined)
    setImmediate(() => Reflect.set(parser, slot, listener))
  }
}
