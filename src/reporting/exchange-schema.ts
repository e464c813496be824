/** The schema of the monthly exchange (JSON Schema 2020-12), made from the columns that the tables are written with. */
import {
  type ExchangeColumn,
  type ExchangeKind,
  type ExchangeTable,
  exchangeColumns,
  exchangeFormat,
  exchangeTables,
  exchangeVersion,
  tableTitles,
} from '../domain/exchange-columns.ts';

type SchemaPart = { readonly [keyword: string]: unknown };

const dayPattern = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const clockPattern = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';

const kinds: Readonly<Record<ExchangeKind, SchemaPart & { readonly type: string }>> = {
  text: { type: 'string' },
  count: { type: 'integer', minimum: 0 },
  rate: { type: 'number', minimum: 0, maximum: 1 },
  'yes-no': { type: 'boolean' },
  day: { type: 'string', format: 'date', pattern: `^${dayPattern}$` },
  local: { type: 'string', pattern: `^${dayPattern}(?:T${clockPattern})?$` },
  moment: { type: 'string', format: 'date-time', pattern: `^${dayPattern}T${clockPattern}(?:\\.\\d{1,3})?Z$` },
  sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
};

/** Of one row. */
export function rowSchema(table: ExchangeTable): SchemaPart {
  const columns = exchangeColumns[table];
  return {
    title: `${tableTitles[table].zh} / ${tableTitles[table].en}`,
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, cellSchema(column)])),
    required: columns.map(({ name }) => name),
    additionalProperties: false,
  };
}

function cellSchema({ kind, zh, en, nullable, values }: ExchangeColumn): SchemaPart {
  const { type, ...rest } = kinds[kind];
  return {
    description: `${zh} / ${en}`,
    type: nullable ? [type, 'null'] : type,
    ...rest,
    ...(values === undefined ? {} : { enum: nullable ? [...values, null] : values }),
  };
}

/** Of a table's JSON file; a page of the API has the same and what says where it is. */
export function exchangeSchema(): SchemaPart {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:evidock:exchange:${exchangeVersion}`,
    title: '月度数据交换 / monthly exchange',
    version: exchangeVersion,
    description:
      'CSV: UTF-8（带 BOM），首行为列名，空单元格即 null，是否列为 true/false，以 = + - @ 开头的文本前加撇号。' +
      ' / CSV is UTF-8 with a byte-order mark; its first line names the columns, an empty cell is null (or an empty' +
      ' text), yes and no are true and false, and text that begins with = + - @ gets an apostrophe.',
    oneOf: exchangeTables.map((table) => ({ $ref: `#/$defs/${table}_file` })),
    $defs: Object.fromEntries(
      exchangeTables.flatMap((table) => [
        [table, rowSchema(table)],
        [`${table}_file`, fileSchema(table)],
      ]),
    ),
  };
}

function fileSchema(table: ExchangeTable): SchemaPart {
  return {
    type: 'object',
    properties: {
      format: { const: exchangeFormat },
      table: { const: table },
      station: { type: 'string', description: '采集站标识 / id of the station' },
      month: { type: 'string', pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' },
      as_of: { ...kinds.day, description: '数据截至日期 / the day that the facts are of' },
      known_at: { type: 'integer', description: '计入的最后一条记录序号 / last record of the ledger that counts' },
      time_zone: { type: 'string', description: '本地时间所用时区 / zone of local times' },
      page: { type: 'integer', minimum: 1 },
      next: { type: ['string', 'null'], description: '下一页地址 / address of the next page' },
      rows: { type: 'array', items: { $ref: `#/$defs/${table}` } },
    },
    required: ['format', 'table', 'station', 'month', 'as_of', 'known_at', 'time_zone', 'rows'],
    additionalProperties: false,
  };
}
