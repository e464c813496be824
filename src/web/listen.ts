/**
 * Opens the web on this machine only. Until there are accounts anyone who reaches the pages may read everything, so
 * an address that others can reach is refused, whatever the configuration says.
 */
import type { FastifyInstance } from 'fastify';
import { errorCode, StationError } from '../domain/errors.ts';

const connectionsMax = 256;

export interface WebAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/**
 * Returns the address in use, such as `http://127.0.0.1:8420`.
 * @throws StationError web-address-refused for any address but this machine's own; web-port-in-use
 */
export async function listen(app: FastifyInstance, { host, port }: WebAddress): Promise<string> {
  if (host !== '127.0.0.1' && host !== '::1') {
    throw new StationError('web-address-refused', `the web may listen on 127.0.0.1 or ::1 only, not on ${host}`, {
      next: 'Set web.host to 127.0.0.1; pages are for this machine until there are accounts.',
    });
  }
  app.server.maxConnections = connectionsMax;
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw new StationError('web-port-in-use', `another program already listens on ${host}, port ${port}`, {
      next: 'It may be another station or its demo: end it, or set another web.port in the configuration.',
    });
  }
}
