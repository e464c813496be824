/**
 * The configuration as text for people: the list of keys, the effective values and the example file. All three are
 * generated from the schema, so they cannot fall behind it.
 */

import { stringify } from 'yaml';
import { type Configuration, configurationSchema } from './schema.ts';
import { allowedText, type SchemaNode } from './schema-troubles.ts';

export interface KeyDescription {
  /** Such as `intake.parallelFiles`; a member of a list's entries is `intake.skip[].path`. */
  readonly key: string;
  readonly type: string;
  /** Null where the key counts nothing. */
  readonly unit: string | null;
  /** Undefined for members of list entries, which have none. */
  readonly default: unknown;
  readonly allowed: string;
  readonly description: string;
}

/** Every key, in the order of the schema. */
export function describeConfiguration(): KeyDescription[] {
  return sections().flatMap(([section, keys]) =>
    Object.entries(keys.properties ?? {}).flatMap(([key, node]) => describeKey(`${section}.${key}`, node)),
  );
}

/** The whole configuration as it is in force, as YAML that loads to the same. */
export function effectiveConfiguration(configuration: Configuration): string {
  return toYaml(configuration);
}

/** The text of config/evidock.example.yaml: every key with its default, its unit and what it is for. */
export function exampleConfiguration(): string {
  const lines = [...exampleHead];
  for (const [section, keys] of sections()) {
    lines.push('', `# ${keys.description}`, `${section}:`);
    for (const [key, node] of Object.entries(keys.properties ?? {})) {
      lines.push(...describeKey(key, node).flatMap((described) => commentLines(described)));
      lines.push(...indented(toYaml({ [key]: node.default })));
    }
  }
  return `${lines.join('\n')}\n`;
}

const exampleHead = [
  '# Configuration of an Evidock station (采集站配置示例). Copy it to DATA/config.yaml and keep the lines that you change:',
  '# every key may be left out and then has the value that stands here. Lists and tables replace the default as a whole.',
  '# `evidock config --keys` prints the same list, `evidock config` what is in force. A change counts from the next start.',
];

function sections(): [string, SchemaNode][] {
  return Object.entries((configurationSchema as SchemaNode).properties ?? {});
}

function describeKey(key: string, node: SchemaNode): KeyDescription[] {
  const description = node.description ?? '';
  const described = {
    key,
    type: typeText(node),
    unit: node.unit ?? null,
    default: node.default,
    allowed: allowedText(node),
    description,
  };
  const members = Object.entries(node.items?.properties ?? node.properties ?? {});
  const prefix = node.items === undefined ? key : `${key}[]`;
  return [described, ...members.flatMap(([name, member]) => describeKey(`${prefix}.${name}`, member))];
}

function typeText(node: SchemaNode): string {
  if (node.enum !== undefined) {
    return 'choice';
  }
  if (node.anyOf !== undefined) {
    return `${node.anyOf.map((option) => typeText(option)).join(' or ')}`;
  }
  const names: Record<string, string> = { array: 'list', object: 'table', string: 'text', boolean: 'switch' };
  return names[node.type ?? ''] ?? node.type ?? 'text';
}

function commentLines({ key, unit, allowed, description }: KeyDescription): string[] {
  const counted = unit === null ? '' : ` Unit: ${unit}.`;
  const about = key.includes('[') ? `${key.replace(/^[^.]*\./u, '  ')}: ` : '';
  return wrapped(`${about}${description}${counted} Allowed: ${allowed}.`).map((line) => `  # ${line}`);
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 110) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' && lines.length === 0 ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 120 });
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}
