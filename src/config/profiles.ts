/**
 * Reads the coverage profiles: the file and its YAML. What a profile may say is checked in domain/coverage-profile.ts.
 * A file with mistakes is refused as a whole, with all of them named, because a figure under half a rule is worse
 * than none.
 */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { type CoverageProfile, type ProfileProblem, readCoverageProfiles } from '../domain/coverage-profile.ts';
import { StationError } from '../domain/errors.ts';

/** The profiles that come with the program. */
export const shippedProfilesFile = new URL('../../config/profiles.yaml', import.meta.url);

/**
 * @throws StationError `profiles-unreadable` when the file cannot be read
 * @throws StationError `profiles-invalid` with every mistake, one on a line
 */
export async function loadCoverageProfiles(
  file: string | URL = shippedProfilesFile,
): Promise<ReadonlyMap<string, CoverageProfile>> {
  const name = file instanceof URL ? file.pathname : file;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new StationError('profiles-unreadable', `cannot read the coverage profiles ${name}`, {
      next: 'Name a file that exists and that the station may read.',
      cause,
    });
  }
  const reading = readProfilesYaml(text);
  if ('problems' in reading) {
    const lines = reading.problems.map(({ path, problem }) => `  ${path}: ${problem}`);
    throw new StationError('profiles-invalid', `the coverage profiles ${name} have mistakes:\n${lines.join('\n')}`, {
      next: 'Correct the file; config/profiles.yaml of the program shows every key.',
    });
  }
  return reading.profiles;
}

function readProfilesYaml(text: string): ReturnType<typeof readCoverageProfiles> {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    const problems: ProfileProblem[] = document.errors.map((error) => ({
      path: `line ${error.linePos?.[0].line ?? '?'}`,
      problem: error.message.split('\n', 1)[0] ?? error.code,
    }));
    return { problems };
  }
  return readCoverageProfiles(document.toJS());
}
