/** Bytes; metadata and key sets of real providers are a few KiB. */
const MAX_ANSWER = 256 * 1024

/**
 * Gets a JSON document. Redirects are not followed: they could lead away from https, or into the internal network.
 *
 * @param signal ends the request, its body included
 * @throws when there is no answer, it is not a 200, too large, or no JSON
 */
export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered ${response.status}`)
  }
  return JSON.parse(await readBounded(url, response))
}

/** Counts decompressed bytes, so that a small body on the wire cannot become a large one in memory. */
async function readBounded(url: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_ANSWER) throw new Error(`the answer of ${url} is larger than ${MAX_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
