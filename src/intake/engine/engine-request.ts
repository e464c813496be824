/**
 * What both engines demand of a request before they start. A request that breaks this is a mistake of the station,
 * not of a recorder, so it is a RangeError and no CopyEngineError: the inventory never lists such a path.
 */
import type { CopyRequest, HashRequest, SourceFile } from '../../domain/copy-engine.ts';

const slash = 0x2f;

export function assertCopyRequest(request: CopyRequest): void {
  assertSource(request.source);
  assertAbsolute('target', request.target);
  if (request.blocksTarget !== undefined) {
    assertAbsolute('blocksTarget', request.blocksTarget);
  }
}

export function assertHashRequest(request: HashRequest): void {
  assertSource(request.source);
  if (request.blocksFile !== undefined) {
    assertAbsolute('blocksFile', request.blocksFile);
  }
}

export function assertAbsolute(name: string, path: string): void {
  if (!path.startsWith('/') || path.includes('\0')) {
    throw new RangeError(`${name} must be an absolute path: ${JSON.stringify(path)}`);
  }
}

/** The components of a source's path. @throws RangeError when one is empty, `.` or `..`, or holds a NUL. */
export function sourceComponents(path: Uint8Array): Buffer[] {
  const bytes = Buffer.from(path);
  const components: Buffer[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(slash, from);
    const component = bytes.subarray(from, end < 0 ? bytes.length : end);
    const text = component.toString('latin1');
    if (text === '' || text === '.' || text === '..' || text.includes('\0')) {
      throw new RangeError(`the source path has a component that is no name: ${JSON.stringify(bytes.toString())}`);
    }
    components.push(component);
    from += component.length + 1;
  }
  return components;
}

function assertSource(source: SourceFile): void {
  if (source.root[0] !== slash || source.root.includes(0)) {
    throw new RangeError(`the source's root must be an absolute path: ${JSON.stringify(sourceText(source))}`);
  }
  sourceComponents(source.path);
}

/** The source's path for people: bytes that are not UTF-8 become U+FFFD. */
export function sourceText(source: SourceFile): string {
  return `${Buffer.from(source.root).toString()}/${Buffer.from(source.path).toString()}`;
}
