import type { FastifyRequest, RequestPayload } from 'fastify'
import { ProblemError } from '../errors.js'
import type { ByteShare } from '../limits/byte-budget.js'
import { largeWork } from '../limits/turns.js'
import { areTooMany, isFragmented, tooManyPieces } from './body-pieces.js'
import { bodyTooLarge } from './body-schema.js'
import { UNCOUNTED } from './byte-budgets.js'

/** Pieces that are kept separate until they are joined. */
const JOINED = 256

/**
 * Replaces Fastify's reader, with bounded cost: Fastify's keeps each piece separate to the end, so a megabyte sent byte by byte
 * takes a hundred.
 *
 * @param done called once, with a problem or the whole body: 413 when it is larger than the route takes, 400 when it comes in
 *   too many pieces or its connection breaks, 429 or 503 when the byte budget has no room for it
 */
export function readBody(
  request: FastifyRequest,
  payload: RequestPayload,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const { bodyLimit } = request.routeOptions
  const { bodies } = request.server
  const tooLarge = () => bodyTooLarge(request, `The body is larger than ${bodyLimit} bytes`)
  if (Number(request.headers['content-length']) > bodyLimit) {
    done(tooLarge())
    return
  }
  if (isFragmented(request.raw)) {
    done(tooManyPieces())
    return
  }

  const joined: Buffer[] = []
  let pieces: Buffer[] = []
  let [count, length] = [0, 0]
  let share: ByteShare | undefined
  /** An announced body waits for its turn before it is read: until then next to nothing of it is in memory. */
  const announced = payload === request.raw ? Number(request.headers['content-length']) || 0 : 0
  const waitsBefore = announced > UNCOUNTED
  const end = (error: Error | null) => {
    payload.off('data', take).off('end', finish).off('error', end)
    if (error) {
      share?.release()
      // The rest need not be decoded.
      if (payload !== request.raw) payload.destroy()
    }
    if (error instanceof ProblemError) done(error)
    else if (error) done(new ProblemError('invalid_request', 'The body ended too early', { cause: error }))
    else if (!share) whole()
    else (waitsBefore ? largeWork.take() : bodies.turn(request, length)).then(whole, done)
  }
  const whole = () => done(null, Buffer.concat([...joined, ...pieces], length))
  const finish = () => end(null)
  const take = (piece: Buffer) => {
    count += 1
    length += piece.length
    if (length > bodyLimit || (payload.receivedEncodedLength ?? 0) > bodyLimit) return end(tooLarge())
    if (areTooMany(count, length)) {
      // Chunks that have already arrived are ignored from here on: one read of the connection holds ten thousand.
      payload.pause()
      return end(tooManyPieces())
    }
    if (length > UNCOUNTED) {
      const refusal = bodies.refusal(request)
      if (refusal) return end(refusal)
      share ??= bodies.hold(request)
      share.add(piece.length)
    }
    pieces.push(piece)
    if (pieces.length < JOINED) return
    joined.push(Buffer.concat(pieces))
    pieces = []
  }
  if (waitsBefore) payload.pause()
  payload.on('data', take).on('end', finish).on('error', end)
  if (waitsBefore) bodies.turn(request, announced).then(() => payload.resume(), end)
  else payload.resume()
}
