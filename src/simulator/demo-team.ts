/**
 * The invented team of the demo and its year: rosters, recorders, assignments, cases and complaints as tables with the
 * days they hold from, in the same form that real ones are imported in, so that the demo takes the same way. Every
 * reason for a gap occurs, people come, renew their certificates and leave. Nobody here exists.
 */
import type { CalendarDate } from '../domain/people-facts.ts';

export interface DemoRecorder {
  readonly serial: string;
  /** As set on the recorder; `000000` when nobody set it. */
  readonly officer: string;
  /** Put into some file names. */
  readonly caseNumber?: string;
}

/** One file that somebody handed in, and the day from which it holds. */
export interface DemoImport {
  readonly kind: 'officers' | 'recorders' | 'assignments' | 'cases' | 'complaints';
  readonly effective: CalendarDate;
  readonly csv: string;
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

type Officer = Partial<
  Record<
    'post' | 'duty' | 'dutyReason' | 'status' | 'statusFrom' | 'until' | 'previous' | 'leftOn' | 'leftReason',
    string
  >
> & { readonly number: string; readonly name: string; readonly unit: string; readonly category?: string };

const units: { readonly [unit: string]: string } = { 一大队: '140501', 二大队: '140502', 水上大队: '140503' };

const rosterHead = [
  ...['执法证号', '姓名', '单位', '单位编码', '上级单位', '岗位', '在岗', '原因', '证件状态', '状态起始日期'],
  ...['有效期至', '原执法证号', '离岗日期', '离岗原因', '人员类别'],
];

function rosterCsv(officers: readonly Officer[], later: string): string {
  const rows = officers.map((one) => [
    ...[one.number, one.name, one.unit, units[one.unit] ?? '', '综合执法支队', one.post ?? '路面执法'],
    ...[one.duty ?? '是', one.dutyReason ?? '', one.status ?? '有效', one.statusFrom ?? '', one.until ?? later],
    ...[one.previous ?? '', one.leftOn ?? '', one.leftReason ?? '', one.category ?? '执法人员'],
  ]);
  return csv([rosterHead, ...rows]);
}

/** The day `days` after a day; both of the calendar. */
function dayFrom(day: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10) as CalendarDate;
}

/** The files of the year before `today` (station time), the oldest first. */
export function demoImports(today: CalendarDate): DemoImport[] {
  const day = (ago: number): CalendarDate => dayFrom(today, -ago);
  const year = Number(today.slice(0, 4));
  return [
    ...rosters(day, { year, later: `${year + 3}-06-30` }).map(({ effective, csv: text }) => ({
      kind: 'officers' as const,
      effective,
      csv: text,
    })),
    { kind: 'recorders', effective: day(330), csv: recordersCsv('在用') },
    { kind: 'recorders', effective: day(45), csv: recordersCsv('now') },
    { kind: 'assignments', effective: day(330), csv: assignmentsCsv(day, today) },
    { kind: 'cases', effective: day(22), csv: casesCsv(day) },
    { kind: 'complaints', effective: day(1), csv: complaintsCsv(day) },
  ];
}

function rosters(
  day: (ago: number) => CalendarDate,
  { year, later }: { readonly year: number; readonly later: string },
): { readonly effective: CalendarDate; readonly csv: string }[] {
  const steady: Officer[] = [
    { number: 'JX0227', name: '张建国', unit: '一大队' },
    { number: 'JX0228', name: '李秀英', unit: '一大队', until: `${year}-12-31` },
    { number: 'JX0229', name: '王海涛', unit: '一大队' },
    { number: 'JX0230', name: '刘玉梅', unit: '一大队', post: '内勤' },
    { number: 'JX0232', name: '韩志刚', unit: '一大队' },
    { number: 'JX0233', name: '唐丽娟', unit: '一大队' },
    { number: 'JX0301', name: '陈志强', unit: '二大队', post: '治超站' },
    { number: 'JX0303', name: '赵永军', unit: '二大队' },
    { number: 'JX0304', name: '黄晓东', unit: '二大队' },
    { number: 'JX0307', name: '冯国庆', unit: '二大队', post: '治超站' },
    { number: 'JX0308', name: '邓小燕', unit: '二大队', post: '治超站' },
    { number: 'JX0309', name: '曹立民', unit: '二大队' },
    { number: 'JX0405', name: '徐国平', unit: '水上大队', post: '水上' },
    { number: 'JX0406', name: '孙红霞', unit: '水上大队', post: '水上' },
    { number: 'JX0407', name: '马立新', unit: '水上大队', post: '水上' },
    { number: 'JX0408', name: '胡明亮', unit: '水上大队', post: '水上' },
    { number: 'JX0409', name: '郭雪梅', unit: '水上大队', post: '法制审核' },
    { number: 'FZ0012', name: '田晓明', unit: '一大队', category: '辅助人员' },
  ];
  const before: Officer[] = [
    { number: 'JX0231', name: '高振华', unit: '一大队' },
    { number: 'JX0299', name: '杨丽华', unit: '二大队', post: '治超站' },
    { number: 'JX0305', name: '周文斌', unit: '二大队' },
    { number: 'JX0306', name: '吴春燕', unit: '二大队' },
  ];
  const renewed: Officer = { number: 'JX0302', name: '杨丽华', unit: '二大队', post: '治超站', previous: 'JX0299' };
  const newcomer: Officer = { number: 'JX0410', name: '谢海波', unit: '水上大队', post: '水上' };
  const [gone, , studying, suspended] = before as [Officer, Officer, Officer, Officer];
  return [
    { effective: day(330), csv: rosterCsv([...steady, ...before], later) },
    { effective: day(150), csv: rosterCsv([...steady, gone, renewed, studying, suspended, newcomer], later) },
    {
      effective: day(20),
      csv: rosterCsv(
        [
          ...steady,
          { ...gone, leftOn: day(40), leftReason: '退休' },
          renewed,
          { ...studying, duty: '否', dutyReason: '学习' },
          { ...suspended, status: '暂扣', statusFrom: day(35) },
          newcomer,
        ],
        later,
      ),
    },
  ];
}

/** Recorders that never come to the simulated dock; the last three lie in store. */
const otherRecorders = [
  ...['TA00730', 'TA00731', 'TA00732', 'TA00733', 'TA00734', 'TA00735', 'TA00736', 'TA00737', 'TA00738'],
  ...['TA00740', 'TA00741', 'TA00742'],
];
const statesNow: { readonly [serial: string]: string } = { TA00730: '丢失', TA00731: '维修', TA00732: '报废' };

function recordersCsv(when: '在用' | 'now'): string {
  const serials = [...demoRecorders.map(({ serial }) => serial), ...otherRecorders];
  const rows = serials.map((serial) => [serial, 'DSJ-T6', (when === 'now' ? statesNow[serial] : undefined) ?? '在用']);
  return csv([['记录仪编号', '型号', '状态'], ...rows]);
}

/** Recorders were handed out over the year, so that the rate rises. */
function assignmentsCsv(day: (ago: number) => CalendarDate, today: CalendarDate): string {
  return csv([
    ['执法证号', '记录仪编号', '起始', '截止', '方式'],
    ['JX0227', 'TA00716', day(330), '', '个人'],
    ['JX0228', 'TA00717', day(325), '', '个人'],
    ['JX0229', 'TA00730', day(300), '', '个人'],
    ['JX0231', 'TA00734', day(290), '', '个人'],
    ['JX0299', 'TA00721', day(280), day(151), '个人'],
    ['JX0302', 'TA00721', day(150), '', '个人'],
    ['JX0301', 'TA00718', day(260), '', '个人'],
    ['JX0303', 'TA00722', day(240), '', '个人'],
    ['JX0304', 'TA00722', day(200), '', '个人'],
    ['JX0306', 'TA00735', day(210), '', '个人'],
    ['JX0405', 'TA00724', day(190), '', '个人'],
    ['JX0406', 'TA00731', day(170), '', '个人'],
    ['JX0407', 'TA00723', day(160), '', '公用'],
    ['JX0408', 'TA00733', dayFrom(today, 30), '', '个人'],
    ['JX0232', 'TA00736', day(120), '', '个人'],
    ['JX0307', 'TA00737', day(90), '', '个人'],
    ['JX0308', 'TA00738', day(60), '', '个人'],
    ['JX0309', 'TA00725', day(30), '', '个人'],
    ['JX0410', 'TA00732', day(100), '', '个人'],
  ]);
}

function casesCsv(day: (ago: number) => CalendarDate): string {
  // Simulated recorders bring the footage of three weeks ago first, then a day more each time.
  const [first, second] = [day(21), day(20)];
  return csv([
    [
      ...['案号', '单位', '开始', '结束', '执法人员', '状态', '案件类型', '当事人', '车牌号', '地点', '执法行为'],
      ...['决定时间', '结案日期'],
    ],
    [
      ...[
        cases[0],
        '一大队',
        `${first} 08:00`,
        '',
        'JX0227;JX0228',
        '办理中',
        '普通程序',
        '某物流有限公司',
        '晋E12345',
      ],
      ...['国道342线K118', `现场检查 ${first} 08:15~09:30;先行登记保存 ${day(5)} 10:00~10:30`, '', ''],
    ],
    [
      ...[cases[1], '二大队', `${first} 08:00`, '', 'JX0301;JX0302', '办理中', '普通程序', '某运输队', '晋E67890'],
      ...['城东治超站', `现场检查 ${first} 08:15~09:00;询问 ${second} 08:15~09:00`, '', ''],
    ],
    [
      ...[
        cases[2],
        '水上大队',
        `${day(40)} 09:00`,
        `${day(12)} 17:00`,
        'JX0405;JX0406',
        '已结案',
        '普通程序',
        '某船主',
        '',
      ],
      ...['北湖码头', '', `${day(14)} 10:00`, day(12)],
    ],
  ]);
}

function complaintsCsv(day: (ago: number) => CalendarDate): string {
  const first = day(21);
  return csv([
    ['投诉编号', '渠道', '受理时间', '发生时间', '发生截止', '地点', '车牌号', '单位', '内容', '状态'],
    [
      ...['TS-0101', '12328', `${day(2)} 18:20`, `${first} 08:15`, `${first} 09:30`, '国道342线K118', '晋E12345'],
      ...['一大队', '反映检查时态度生硬', '办理中'],
    ],
  ]);
}
