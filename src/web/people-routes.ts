/** The routes of the roster: people of a day, one person, and answering what is asked about somebody. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { findCalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import type { PageContext } from './page-context.ts';
import { peoplePage } from './people-page.ts';
import { personPage } from './person-page.ts';
import { personAddress, type WebPeople } from './web-people.ts';

export const peopleWritablePaths = ['/people/answer'] as const;

/** A reason in Chinese takes nine bytes a letter on its way. */
const formBytesMax = 16 * 1024;
const reasonLengthMax = 500;

interface PeopleRoutes {
  readonly people: WebPeople;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerPeopleRoutes(app: FastifyInstance, { people, contextOf, send }: PeopleRoutes): void {
  app.get('/people', (request, reply) => send(request, reply, peoplePage(contextOf(request), people)));
  app.get<{ Params: { certificate: string } }>('/people/:certificate', (request, reply) => {
    const context = contextOf(request);
    const day = findCalendarDate(context.query.get('day') ?? '') ?? getCalendarDate(context.station.today());
    const person = people.find(request.params.certificate, day);
    if (person === undefined) return reply.callNotFound();
    return send(request, reply, personPage(context, person, day));
  });
  app.post(peopleWritablePaths[0], { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    const said = body instanceof URLSearchParams ? body : new URLSearchParams();
    const field = (name: string): string => (said.get(name) ?? '').trim();
    const [certificateNo, answer, reason] = [field('certificate'), field('answer'), field('reason')];
    const on = findCalendarDate(field('on'));
    const isWhole = certificateNo !== '' && reason !== '' && reason.length <= reasonLengthMax;
    if (!isWhole || (answer !== 'left' && answer !== 'stays') || (answer === 'left' && on === undefined)) {
      return reply.code(400).type('text/plain; charset=utf-8').send('The form lacks what it must say.\n');
    }
    await people.answer({ certificateNo, answer, on: answer === 'left' ? on : undefined, reason });
    return reply.redirect(personAddress(certificateNo), 303);
  });
}
