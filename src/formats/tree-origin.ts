/** The name of a log, which stands in its checkpoints and its verifier key: Sigsum's, made of the log's public key. */
import { sha256 } from './merkle-hash.ts';

export const originOf = (logKey: Uint8Array): string => `sigsum.org/v1/tree/${sha256(logKey).toString('hex')}`;
