"""`mixmatch doctor`: looks at every part, says what is wrong and what to do about it. Repairs nothing by itself."""

import argparse
import json
import os
from dataclasses import asdict

from bot import config
from bot.health.here import CHECKS_HERE, settings_file
from bot.health.looking import Finding, look
from bot.health.servers import CHECKS_OF_SERVERS
from bot.health.settings_checks import CHECKS_OF_SETTINGS
from bot.settings import Settings


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run every check; 0 when all is well, 1 otherwise."""

    def file_of_settings(_: Settings) -> list[Finding]:
        return settings_file(config.settings_file(options.config, os.environ))

    findings = look(settings, (*CHECKS_OF_SETTINGS, file_of_settings, *CHECKS_HERE, *CHECKS_OF_SERVERS))
    well = all(finding.well for finding in findings)
    if options.json:
        print(json.dumps({"well": well, "findings": [asdict(each) for each in findings]}, ensure_ascii=False))
        return 0 if well else 1
    for finding in findings:
        print(f"[{'goed' if finding.well else 'FOUT'}] {finding.what}")
        if not finding.well and finding.advice:
            print(f"       {finding.advice}")
    return 0 if well else 1
