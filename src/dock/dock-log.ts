/** What a pino logger offers, as far as the dock needs it. */
export interface DockLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
