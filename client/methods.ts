import type { Client, ClientPathsWithMethod, MaybeOptionalInit } from 'openapi-fetch'
import type { paths } from './generated/openapi.js'

type Loose = Client<paths>
type Path<Method extends HttpMethod> = ClientPathsWithMethod<Loose, Method>
type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Init<P extends keyof paths, Method extends HttpMethod> = MaybeOptionalInit<paths[P], Method>

declare const loose: Loose
type Get<P extends Path<'get'>> = typeof loose.GET<P, Init<P, 'get'>>
type Post<P extends Path<'post'>> = typeof loose.POST<P, Init<P, 'post'>>
type Put<P extends Path<'put'>> = typeof loose.PUT<P, Init<P, 'put'>>
type Patch<P extends Path<'patch'>> = typeof loose.PATCH<P, Init<P, 'patch'>>
type Delete<P extends Path<'delete'>> = typeof loose.DELETE<P, Init<P, 'delete'>>
type Request<M extends HttpMethod, P extends Path<M>> = typeof loose.request<M, P, Init<P, M>>

/**
 * Never called: no call passes four extra arguments. As a further signature it makes openapi-fetch's own type of the method
 * assignable from ours, so libraries that take openapi-fetch's client accept it.
 */
type Surplus = [unknown, unknown, unknown, unknown]

/**
 * openapi-fetch's methods, with one difference in the types: openapi-fetch infers what it is given, so a misspelled
 * optional field passes. Here the types come from the path alone, so the compiler refuses fields that are not there.
 */
export interface Methods extends Pick<Loose, 'HEAD' | 'OPTIONS' | 'TRACE'> {
  GET<P extends Path<'get'>>(...request: Parameters<Get<P>>): ReturnType<Get<P>>
  GET(url: string, ...surplus: Surplus): Promise<never>
  POST<P extends Path<'post'>>(...request: Parameters<Post<P>>): ReturnType<Post<P>>
  POST(url: string, ...surplus: Surplus): Promise<never>
  PUT<P extends Path<'put'>>(...request: Parameters<Put<P>>): ReturnType<Put<P>>
  PUT(url: string, ...surplus: Surplus): Promise<never>
  PATCH<P extends Path<'patch'>>(...request: Parameters<Patch<P>>): ReturnType<Patch<P>>
  PATCH(url: string, ...surplus: Surplus): Promise<never>
  DELETE<P extends Path<'delete'>>(...request: Parameters<Delete<P>>): ReturnType<Delete<P>>
  DELETE(url: string, ...surplus: Surplus): Promise<never>
  request<M extends HttpMethod, P extends Path<M>>(...request: Parameters<Request<M, P>>): ReturnType<Request<M, P>>
  request(method: string, url: string, ...surplus: Surplus): Promise<never>
}
