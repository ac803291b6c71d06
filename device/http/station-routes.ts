import type { FastifyInstance } from 'fastify';
import type { Login } from '../../platform/login.ts';
import { StationReading } from '../../protocol/api/station.ts';
import type { Reading } from '../../protocol/readings.ts';

/** What devices at a window's own box read comes to the clerk of that window as if they were plugged in here. */
export function addStationReadings(
  server: FastifyInstance,
  { login, tellReading }: { login: Login; tellReading: (reading: Reading) => void },
): void {
  server.post<{ Body: StationReading }>(
    '/api/stations/readings',
    { schema: { body: StationReading } },
    async (request, reply) => {
      const { login: station, window } = login.require(request, 'station');
      const { device, read } = request.body;
      tellReading({ device: `${station}/${device}`, place: window ?? 'kiosk', read });
      return reply.code(204).send();
    },
  );
}
