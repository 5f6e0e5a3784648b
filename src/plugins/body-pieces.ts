import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { ProblemError } from '../errors.js'

/**
 * Pieces that a body may come in, whatever their size, and bytes for which there may be one more. Networks deliver hundreds
 * of bytes at once, and programs that write a body piece by piece some. One byte in a chunk of its own costs six on the
 * wire, and a hundred times that to keep.
 */
const PIECES = { free: 2048, bytesForOneMore: 64 } as const

/** Requests whose bodies came in too many pieces. */
const fragmented = new WeakSet<IncomingMessage>()

/** @returns whether so many pieces of a body are too many for so many bytes */
export function areTooMany(pieces: number, bytes: number): boolean {
  return pieces > PIECES.free + bytes / PIECES.bytesForOneMore
}

/** @returns whether the body of a request came in too many pieces. What followed them was dropped */
export function isFragmented(request: IncomingMessage): boolean {
  return fragmented.has(request)
}

/** @returns the 400 for such a body */
export function tooManyPieces(): ProblemError {
  return new ProblemError('invalid_request', 'The body comes in too many small pieces: send it in larger ones')
}

/**
 * Counts the chunks of a body as Node.js parses them, before anything reads the body: one read of a connection holds ten
 * thousand chunks of a byte, and Node.js hands out all of them before anything else happens. Beyond the limit it drops the
 * rest of that read, and reads no more; `error` of the request says why.
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
 * Has the parser of a connection drop what else it has read of a body. Calling a function and making a buffer for each chunk
 * is nearly all that chunks of a byte cost; the parser skips both for lack of a listener. It has the listener back before
 * anybody reads from the connection again, or another connection gets the parser.
 *
 * Source: Node.js, `lib/_http_common.js` (`parserOnBody`) and `src/node_http_parser.cc` (`on_body`). Where the listener has
 * another name the chunks are handed out, one by one, and dropped here.
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
