import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import { limits } from '../../protocol/limits.ts';
import { PagesQuery, RulesChange, RulesWish, SampleWish, SuggestionQuery } from '../../protocol/trainer.ts';
import { Sha256 } from '../../protocol/values.ts';
import type { Trainer } from '../trainer/trainer.ts';

const SampleParams = Type.Object({ id: Sha256 });
interface OfSample {
  Params: Static<typeof SampleParams>;
}

/** Rules by which kinds of papers are told apart, and the samples they are tried on (`protocol/trainer.ts`). */
export function addTrainerRoutes(server: FastifyInstance, parts: { login: Login; trainer: Trainer }): void {
  const { login, trainer } = parts;
  // A scope of its own: whole files are taken here alone, and from nobody who has not logged in.
  void server.register(async scope => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: limits.pageBytes },
      (_request, body, done) => done(null, body),
    );
    scope.addHook('onRequest', async request => {
      login.require(request, 'technician');
    });

    scope.get('/api/kinds', () => trainer.view());
    scope.get('/api/kinds/rules', async (_request, reply) => {
      const { rules } = await trainer.view();
      reply.header('content-disposition', 'attachment; filename="kind-rules.json"');
      return reply.type('application/json').send(`${JSON.stringify(rules, null, 2)}\n`);
    });
    scope.put<{ Body: Static<typeof RulesChange> }>(
      '/api/kinds',
      { schema: { body: RulesChange } },
      async request => {
        const { rules, over } = request.body;
        await trainer.save(login.require(request, 'technician'), rules, over);
        return trainer.view();
      },
    );
    scope.post<{ Body: Static<typeof RulesWish> }>(
      '/api/kinds/try',
      { schema: { body: RulesWish } },
      async request => trainer.tryOut(request.body.rules),
    );
    scope.get<{ Querystring: Static<typeof SuggestionQuery> }>(
      '/api/kinds/suggestions',
      { schema: { querystring: SuggestionQuery } },
      async request => trainer.suggest(request.query.kind),
    );
    scope.post<{ Body: Buffer }>('/api/kinds/pages', { bodyLimit: limits.pageBytes }, async request =>
      trainer.pagesOfFile(request.body),
    );
    scope.get<{ Querystring: Static<typeof PagesQuery> }>(
      '/api/kinds/pages',
      { schema: { querystring: PagesQuery } },
      async request => trainer.pagesOfCase(request.query.number),
    );
    scope.post<{ Body: Static<typeof SampleWish> }>(
      '/api/kinds/samples',
      { schema: { body: SampleWish } },
      async request => {
        await trainer.addSample(request.body);
        return trainer.view();
      },
    );
    scope.post<OfSample & { Body: Static<typeof RulesWish> }>(
      '/api/kinds/samples/:id/look',
      { schema: { params: SampleParams, body: RulesWish } },
      async request => trainer.look(request.params.id, request.body.rules),
    );
    scope.post<OfSample>(
      '/api/kinds/samples/:id/remove',
      { schema: { params: SampleParams } },
      async request => {
        await trainer.removeSample(request.params.id);
        return trainer.view();
      },
    );
  });
}
