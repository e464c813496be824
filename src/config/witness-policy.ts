/** Loads the policy of witnesses: a Sigsum policy file, named by the configuration and checked at start. */
import { readFile } from 'node:fs/promises';
import { errorMessage, StationError } from '../domain/errors.ts';
import { parseSigsumPolicy, policyOfNone, type SigsumPolicy } from '../formats/sigsum-policy.ts';

/** @throws StationError policy-invalid */
export async function loadWitnessPolicy(file: string | undefined): Promise<SigsumPolicy> {
  if (file === undefined) return policyOfNone;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(file, errorMessage(cause));
  });
  const policy = parseSigsumPolicy(text);
  if (typeof policy === 'string') throw invalid(file, policy);
  return policy;
}

const invalid = (file: string, why: string): StationError =>
  new StationError('policy-invalid', `the policy of witnesses ${file}: ${why}`, {
    next: 'Put the file right, or set ledger.policyFile to null.',
  });
