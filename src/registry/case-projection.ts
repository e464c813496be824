/** What records about cases do to the registry, beside the versions that imports bring: reviews of acts and clips. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type { ActReviewDocument, ActReviewedBody } from '../domain/case-facts.ts';
import type { Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function caseEffects(statements: Statements): Effects {
  return {
    'act-reviewed': (record, documents) => {
      const [first] = documents;
      // Forgotten with its clip or case.
      if (first === undefined || !('body' in first)) return;
      const { review, clip } = record.body as unknown as ActReviewedBody;
      const document = first.body as unknown as ActReviewDocument;
      statements
        .prepare('INSERT INTO act_reviews VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(record.seq, review, record.time, document.case, document.act, clip ?? null, canonicalJson(first.body));
    },
  };
}
