import { AppError, getIcon } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { findIcon } from './icon.rules.ts';

@Controller()
export class IconController {
  @Serve(getIcon)
  get(@Input() { params }: Call<typeof getIcon>) {
    const icon = findIcon(params.digest);
    if (!icon) throw new AppError('NOT_FOUND', `There is no icon ${params.digest}.`);
    return { 'content-type': icon.contentType, content: icon.bytes.toString('base64') };
  }
}
