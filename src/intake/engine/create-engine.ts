/** Chooses the copy engine. Only configuration decides which one; a missing native engine is an error, not a hint. */
import type { CopyEngine } from '../../domain/copy-engine.ts';
import { createNativeEngine } from './native-engine.ts';
import { createPortableEngine } from './portable-engine.ts';

export type CopyEngineKind = CopyEngine['name'];

/** @throws StationError `engine-not-built` when the native addon is missing. */
export function createCopyEngine(kind: CopyEngineKind): CopyEngine {
  switch (kind) {
    case 'native':
      return createNativeEngine();
    case 'portable':
      return createPortableEngine();
  }
}
