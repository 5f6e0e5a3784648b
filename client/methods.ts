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

/**
 * openapi-fetch's methods, with one difference in the types: openapi-fetch infers what it is given, so a misspelled
 * optional field passes. Here the types come from the path alone, so the compiler refuses fields that are not there.
 */
export interface Methods {
  GET<P extends Path<'get'>>(...request: Parameters<Get<P>>): ReturnType<Get<P>>
  POST<P extends Path<'post'>>(...request: Parameters<Post<P>>): ReturnType<Post<P>>
  PUT<P extends Path<'put'>>(...request: Parameters<Put<P>>): ReturnType<Put<P>>
  PATCH<P extends Path<'patch'>>(...request: Parameters<Patch<P>>): ReturnType<Patch<P>>
  DELETE<P extends Path<'delete'>>(...request: Parameters<Delete<P>>): ReturnType<Delete<P>>
}
