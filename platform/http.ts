import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ApiError } from '../protocol/api/common.ts';
import { AppError, type ErrorDetails } from '../protocol/app-error.ts';
import { type ErrorCode, errorTable, errorText } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Log } from './log.ts';

/** The error of the table as pages and programs read it. */
export function apiError(code: ErrorCode, details: ErrorDetails = {}): ApiError {
  return { code, ru: errorText(code, 'ru', details), en: errorText(code, 'en', details), details };
}

/** Nothing but our own files, no frames, no address handed on. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * A server with our manners: TypeBox schemas, refusals as `ApiError` with the status of the error table,
 * no stack traces to anybody, no address or body in the log.
 */
export async function createHttpServer(
  log: Log,
  options: Pick<FastifyServerOptions, 'bodyLimit'> & { https?: object } = {},
): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: limits.jsonBodyBytes,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    // An address that cannot be decoded meets no route, no hook and no handler.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      void reply
        .code(400)
        .headers(securityHeaders)
        .send(apiError('internal.bad-request', { what: 'url' }));
    },
    ...options,
  } as FastifyServerOptions) as FastifyInstance;
  await server.register(cookie);
  server.setValidatorCompiler(({ schema }) => {
    const validator = Compile(schema as TSchema);
    return value => {
      if (validator.Check(value)) return { value };
      const [first] = validator.Errors(value);
      return {
        error: new AppError('internal.bad-request', { what: `${first?.instancePath} ${first?.message}` }),
      };
    };
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(securityHeaders);
    // A case that was looked at must not come back with the browser's own button after its clerk has logged out.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  server.setNotFoundHandler((request, reply) => {
    void reply.code(404);
    // A server with pages has one for people who mistyped an address.
    const isPerson = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (isPerson && server.hasReplyDecorator('sendFile')) return reply.sendFile('not-found.html');
    return reply.send(apiError('internal.not-found'));
  });
  server.setErrorHandler((error: unknown, request, reply) => {
    const known = asAppError(error);
    if (!known) log.error({ err: error, route: request.routeOptions.url }, 'a request failed unexpectedly');
    const { code, details } = known ?? new AppError('internal.unexpected');
    return reply.code(errorTable[code].status).send(apiError(code, details));
  });
  return server;
}

function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('internal.too-large');
  if (statusCode === 404) return new AppError('internal.not-found');
  // Whatever Fastify or a plugin refuses: its words may quote the request, its code does not.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('internal.bad-request', { what: code ?? statusCode });
  return undefined;
}
