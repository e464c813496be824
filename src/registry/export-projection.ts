/** What records about exports do to the registry. */
import { canonicalJson } from '../domain/canonical-json.ts';
import type {
  ExportClipsBody,
  ExportEndedBody,
  ExportKeyBody,
  ExportRefusedBody,
  ExportRequestedBody,
} from '../domain/export-facts.ts';
import type { Effect, Effects } from './effect.ts';
import type { Statements } from './statements.ts';

export function exportEffects(statements: Statements): Effects {
  const run = (sql: string, ...values: unknown[]): void => {
    statements.prepare(sql).run(...values);
  };
  const keyMade: Effect = ({ body, seq }) => {
    run('INSERT INTO export_keys VALUES (?, ?) ON CONFLICT DO NOTHING', (body as unknown as ExportKeyBody).key, seq);
  };
  const requested: Effect = ({ body, seq, time }, [document]) => {
    const { export: id, purpose, clips, bytes } = body as unknown as ExportRequestedBody;
    const details = document !== undefined && 'body' in document ? canonicalJson(document.body) : null;
    run(
      `INSERT INTO exports (export, purpose, clips, bytes, details, requested_at, requested_seq, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`,
      id,
      purpose,
      clips,
      bytes,
      details,
      time,
      seq,
    );
  };
  const clips: Effect = ({ body }) => {
    const { export: id, clips: named } = body as unknown as ExportClipsBody;
    for (const clip of named) run('INSERT INTO export_clips VALUES (?, ?) ON CONFLICT DO NOTHING', id, clip);
  };
  const ended: Effect = ({ body, seq, time }) => {
    const { export: id, tagManifestSha256 } = body as unknown as ExportEndedBody;
    run(
      `UPDATE exports SET state = 'ended', ended_at = ?, ended_seq = ?, tag_manifest = ? WHERE export = ?`,
      time,
      seq,
      tagManifestSha256,
      id,
    );
  };
  const refused: Effect = ({ body, seq, time }) => {
    const { export: id } = body as unknown as ExportRefusedBody;
    run(`UPDATE exports SET state = 'refused', ended_at = ?, ended_seq = ? WHERE export = ?`, time, seq, id);
  };
  return {
    'export-key-made': keyMade,
    'export-requested': requested,
    'export-clips': clips,
    'export-ended': ended,
    'export-refused': refused,
  };
}
