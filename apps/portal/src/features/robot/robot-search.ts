import * as z from 'zod/mini';
import { listSearch, searchChoice, searchNumber } from '../../shared/list/list-search.ts';
import { ROBOT_STATES } from './robot-state.rules.ts';

export const robotSearch = z.object({ ...listSearch, state: searchChoice(ROBOT_STATES), days: searchNumber });
