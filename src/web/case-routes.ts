/**
 * The routes of cases and complaints: pages, ticks of reviewers, and POST /api/cases, by which the enforcement system
 * of the same machine sends news. The guard lets a POST through only with our own `Origin`, which such a program sets
 * itself; whoever may not reach the pages uses `evidock cases update`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { ReviewAnswer } from '../domain/case-facts.ts';
import type { Html } from '../domain/html.ts';
import { caseNotePage } from './case-note-page.ts';
import { casePage } from './case-page.ts';
import { caseAddress, casesPage } from './cases-page.ts';
import { complaintsPage } from './complaints-page.ts';
import { type PageContext, queryOf } from './page-context.ts';
import type { WebCases, WebReview } from './web-cases.ts';

const reviewPath = '/cases/review';
const caseApiPath = '/api/cases';
/** Paths that take a POST. */
export const caseWritablePaths = [reviewPath, caseApiPath] as const;

const formBytesMax = 16 * 1024;
const apiBytesMax = 4 * 1024 * 1024;
const answers: readonly ReviewAnswer[] = ['yes', 'no', 'unclear'];

export interface CaseRouteDeps {
  readonly cases: WebCases;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerCaseRoutes(app: FastifyInstance, { cases, contextOf, send }: CaseRouteDeps): void {
  app.get('/cases', (request, reply) => send(request, reply, casesPage(contextOf(request), cases)));
  app.get('/complaints', (request, reply) => send(request, reply, complaintsPage(contextOf(request), cases)));
  app.get<{ Params: { number: string } }>('/cases/:number', (request, reply) => {
    const view = cases.find(request.params.number);
    return view === undefined ? reply.callNotFound() : send(request, reply, casePage(contextOf(request), view));
  });
  app.get<{ Params: { number: string } }>('/cases/:number/note', (request, reply) => {
    const view = cases.find(request.params.number);
    const query = queryOf(request);
    const act = view?.acts.find(({ ref }) => ref === query.get('act'));
    const gap = query.has('break') ? act?.breaks[Number(query.get('break'))] : null;
    if (view === undefined || act === undefined || gap === undefined) return reply.callNotFound();
    return send(request, reply, caseNotePage(contextOf(request), { view, act, gap }));
  });
  app.post(reviewPath, { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    const review = body instanceof URLSearchParams ? readReview(body) : undefined;
    if (review === undefined) {
      return reply.code(400).type('text/plain; charset=utf-8').send('case, act, reviewer and at least one answer\n');
    }
    await cases.review(review);
    // The page by a request of its own, so that loading it again records nothing.
    return reply.redirect(`${caseAddress(review.case)}?saved=1#acts`, 303);
  });
  registerApi(app, cases);
}

/** `item-<code>` are the answers; those that are left open say nothing. */
function readReview(form: URLSearchParams): WebReview | undefined {
  const text = (name: string, max: number): string => (form.get(name) ?? '').trim().slice(0, max);
  const [of, act, reviewer, note] = [text('case', 200), text('act', 200), text('reviewer', 100), text('note', 2000)];
  const given = [...form].flatMap(([name, value]): [string, ReviewAnswer][] => {
    const answer = answers.find((one) => one === value);
    return name.startsWith('item-') && answer !== undefined ? [[name.slice('item-'.length), answer]] : [];
  });
  if (of === '' || act === '' || reviewer === '' || (given.length === 0 && note === '')) return undefined;
  return { case: of, act, reviewer, note, answers: Object.fromEntries(given) };
}

const textOrNull = Type.Union([Type.String(), Type.Null()]);
const updateSchema = Type.Object({
  records: Type.Array(Type.Integer()),
  added: Type.Array(Type.String()),
  changed: Type.Array(Type.String()),
  unchanged: Type.Integer(),
  problems: Type.Array(
    Type.Object({
      line: Type.Union([Type.Integer(), Type.Null()]),
      column: textOrNull,
      value: textOrNull,
      reason: Type.String(),
    }),
  ),
});

function registerApi(app: FastifyInstance, cases: WebCases): void {
  void app.register(async (scope) => {
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const options = { bodyLimit: apiBytesMax, schema: { response: { 200: updateSchema, 422: updateSchema } } };
    scope.post(caseApiPath, options, async ({ body }, reply) => {
      const answer = await cases.update(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      void reply.header('cache-control', 'no-store');
      return reply.code(answer.problems.length > 0 ? 422 : 200).send(answer);
    });
  });
}
