/**
 * The invented team of the demo: officers, recorders, assignments and cases as tables, in the same form that real
 * ones are imported in, so that the demo takes the same way. Every reason for a gap occurs once. Nobody here exists.
 */

export interface DemoRecorder {
  readonly serial: string;
  /** As set on the recorder; `000000` when nobody set it. */
  readonly officer: string;
  /** Put into some file names. */
  readonly caseNumber?: string;
}

export interface DemoTables {
  readonly officers: string;
  readonly recorders: string;
  readonly assignments: string;
  readonly cases: string;
}

const cases = ['晋交执罚〔2026〕0231号', '晋交执罚〔2026〕0232号', '晋交执罚〔2026〕0240号'] as const;

/** Recorders that come to the simulated dock. */
export const demoRecorders: readonly DemoRecorder[] = [
  { serial: 'TA00716', officer: 'JX0227', caseNumber: cases[0] },
  { serial: 'TA00717', officer: 'JX0228', caseNumber: cases[0] },
  { serial: 'TA00718', officer: 'JX0301' },
  { serial: 'TA00721', officer: 'JX0302', caseNumber: cases[1] },
  { serial: 'TA00722', officer: 'JX0303' },
  { serial: 'TA00723', officer: '000000' },
  { serial: 'TA00724', officer: 'JX0405', caseNumber: cases[2] },
  { serial: 'TA00725', officer: 'JX0406' },
];

const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.join(',')}\n`).join('');

/** `year` is the current one in station time: certificates end with it or the next. */
export function demoTables(year: number): DemoTables {
  const lastDay = `${year}-12-31`;
  const later = `${year + 3}-06-30`;
  const officer = (
    number: string,
    name: string,
    unit: string,
    more: Partial<Record<'post' | 'duty' | 'status' | 'until', string>> = {},
  ) => [number, name, unit, more.post ?? '路面执法', more.duty ?? '是', more.status ?? '有效', more.until ?? later];
  const officers = [
    ['执法证号', '姓名', '单位', '岗位', '在岗', '证件状态', '有效期至'],
    officer('JX0227', '张建国', '一大队'),
    officer('JX0228', '李秀英', '一大队', { until: lastDay }),
    officer('JX0229', '王海涛', '一大队'),
    officer('JX0230', '刘玉梅', '一大队', { post: '内勤' }),
    officer('JX0301', '陈志强', '二大队', { post: '治超站' }),
    officer('JX0302', '杨丽华', '二大队', { post: '治超站' }),
    officer('JX0303', '赵永军', '二大队'),
    officer('JX0304', '黄晓东', '二大队'),
    officer('JX0305', '周文斌', '二大队', { duty: '否' }),
    officer('JX0306', '吴春燕', '二大队', { status: '暂扣' }),
    officer('JX0405', '徐国平', '水上大队', { post: '水上' }),
    officer('JX0406', '孙红霞', '水上大队', { post: '水上' }),
    officer('JX0407', '马立新', '水上大队', { post: '水上' }),
    officer('JX0408', '胡明亮', '水上大队', { post: '水上' }),
    officer('JX0409', '郭雪梅', '水上大队', { post: '法制审核' }),
  ];
  const recorder = (serial: string, state = '在用') => [serial, 'DSJ-T6', state];
  const recorders = [
    ['记录仪编号', '型号', '状态'],
    ...demoRecorders.map(({ serial }) => recorder(serial)),
    recorder('TA00730', '丢失'),
    recorder('TA00731', '维修'),
    recorder('TA00732', '报废'),
    recorder('TA00733'),
  ];
  const from = `${year}-01-05`;
  const assignments = [
    ['执法证号', '记录仪编号', '起始', '截止', '方式'],
    ['JX0227', 'TA00716', from, '', '个人'],
    ['JX0228', 'TA00717', from, '', '个人'],
    ['JX0229', 'TA00730', from, '', '个人'],
    ['JX0301', 'TA00718', from, '', '个人'],
    ['JX0302', 'TA00721', from, '', '个人'],
    ['JX0303', 'TA00722', from, '', '个人'],
    ['JX0304', 'TA00722', `${year}-03-01`, '', '个人'],
    ['JX0405', 'TA00724', from, '', '个人'],
    ['JX0406', 'TA00731', from, '', '个人'],
    ['JX0407', 'TA00723', from, '', '公用'],
    ['JX0408', 'TA00733', `${year + 1}-01-01`, '', '个人'],
  ];
  const caseRows = [
    ['案号', '单位', '开始', '结束', '执法人员', '状态'],
    [cases[0], '一大队', `${year}-11-02`, '', 'JX0227;JX0228', '办理中'],
    [cases[1], '二大队', `${year}-11-05`, '', 'JX0301;JX0302', '办理中'],
    [cases[2], '水上大队', `${year}-10-12`, `${year}-11-10`, 'JX0405;JX0406', '已结案'],
  ];
  return { officers: csv(officers), recorders: csv(recorders), assignments: csv(assignments), cases: csv(caseRows) };
}
