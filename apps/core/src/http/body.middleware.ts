import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { MAX_BODY_BYTES, parseBody, readLimitedBody } from './json-body.ts';
import { parseStrictJson } from './strict-json.ts';

/** Reads the body of unsafe calls: bounded, JSON by the strict gate (depth, duplicate keys), or an HTML form (S102, S103). */
@Injectable()
export class BodyMiddleware implements NestMiddleware {
  async use(request: Request, _response: Response, next: NextFunction): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const bytes = await readLimitedBody(request, MAX_BODY_BYTES);
      request.body = parseBody(request.headers['content-type'], bytes, parseStrictJson);
    }
    next();
  }
}
