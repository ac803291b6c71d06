import type { Register } from '../../../protocol/register.ts';

export interface Agency {
  id: string;
  title: string;
}

export interface AgencyService {
  id: string;
  title: string;
  resultTitle: string;
}

/** What the register says about the agencies behind this system and about their services. */
export function catalogueOf(register: Register): { agencies: Agency[]; services: AgencyService[] } {
  return {
    agencies: register.agencies.map(({ id, title }) => ({ id, title: title.ru })),
    services: register.services.map(({ id, title, resultTitle }) => ({
      id,
      title: title.ru,
      resultTitle: resultTitle.ru,
    })),
  };
}
