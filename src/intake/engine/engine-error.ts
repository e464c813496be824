/**
 * The errors of both engines have one shape, CopyEngineError. The native addon makes its own; this makes those of
 * the TypeScript side, with the same wording: `CODE: why, syscall 'path'`.
 */
import type { CopyEngineError } from '../../domain/copy-engine.ts';

export type EngineErrorFields = Pick<CopyEngineError, 'code' | 'errno' | 'syscall' | 'path' | 'side'> & {
  readonly why: string;
};

export function engineError({ why, ...fields }: EngineErrorFields): CopyEngineError {
  return Object.assign(new Error(`${fields.code}: ${why}, ${fields.syscall} '${fields.path}'`), fields);
}
