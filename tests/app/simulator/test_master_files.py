"""The simulated masters, read by the program as it reads KIS' own."""

import io
import zipfile
from datetime import date, datetime

import aiohttp
import pytest

from app.instruments.master import Master
from app.instruments.master_file import NAMES, NIGHT_FUTURES, NIGHT_OPTIONS, MasterFile
from app.simulator.instruments import universe
from app.simulator.master_files import WIDTH, master_files
from app.simulator.simulator import Simulator
from app.system.clock import KST, ManualClock
from specs.catalog import Session

FRIDAY = date(2026, 11, 20)


def test_there_are_the_files_that_kis_has() -> None:
    assert set(master_files(FRIDAY)) == set(NAMES)


@pytest.mark.parametrize("name", [NIGHT_FUTURES, NIGHT_OPTIONS])
def test_every_line_of_a_night_master_has_121_bytes_and_its_names_survive(name: str) -> None:
    content = master_files(FRIDAY)[name]
    names = {instrument.code: instrument.name for instrument in universe(FRIDAY)}
    assert content.endswith(b"\n")
    lines = content.split(b"\n")[:-1]
    assert {len(line) for line in lines} == {WIDTH}
    for line in lines:
        assert line[22:62].decode("cp949").rstrip() == names[line[1:10].decode().strip()]


def test_a_night_line_is_laid_out_as_a_real_one() -> None:
    [future, *_] = master_files(FRIDAY)[NIGHT_FUTURES].splitlines()
    assert future[:72] == b"1A01612   KR4A016C0004F 202612".ljust(63) + b"00000.001"
    assert future[72:] == b"2001     KOSPI200".ljust(49)
    options = master_files(FRIDAY)[NIGHT_OPTIONS].splitlines()
    put = next(line for line in options if line[1:10] == b"C01612832")
    assert put[22:72] == b"P 202612   832.5".ljust(40) + b"300832.50 "


@pytest.mark.parametrize("day", [FRIDAY, date(2026, 12, 10), date(2027, 1, 4)])
def test_the_program_reads_every_contract_of_every_file(day: date) -> None:
    files = [MasterFile.from_bytes(name, content) for name, content in master_files(day).items()]
    for report in (file.report() for file in files):
        assert (report.bad_lines, report.bad_digits) == (0, ())
        assert report.contracts > 0
    master = Master(files)
    listed = universe(day)
    assert master.count == len(listed)
    for instrument in listed:
        found = master.contract(instrument.code)
        assert found is not None
        assert found.name == " ".join(instrument.name.split())
        assert found.strike == (instrument.strike or None)
        assert found.product == instrument.product
        option = instrument.right is not None
        assert master.at_night(instrument.code) == (
            instrument.underlying.at_night and (option or instrument.product == "1")
        )


def test_a_night_options_line_tells_what_the_days_tells() -> None:
    night = MasterFile.from_bytes(NIGHT_OPTIONS, master_files(FRIDAY)[NIGHT_OPTIONS])
    day = MasterFile.from_bytes(NAMES[0], master_files(FRIDAY)[NAMES[0]])
    for code in night:
        assert night.contract(code) == day.contract(code)


async def test_they_are_downloaded_as_zips_with_one_member() -> None:
    begin = datetime(2026, 11, 20, 18, 5, tzinfo=KST)
    simulator = Simulator(session=Session.NIGHT, start=begin, clock=ManualClock(begin))
    await simulator.start()
    async with aiohttp.ClientSession() as http:
        for name, content in master_files(FRIDAY).items():
            url = f"{simulator.rest_url}/common/master/{name}.zip"
            async with http.get(url) as response:
                assert response.status == 200
                archive = zipfile.ZipFile(io.BytesIO(await response.read()))
            assert archive.namelist() == [name]
            assert archive.read(name) == content
        async with http.get(f"{simulator.rest_url}/common/master/fo_none_code.mst.zip") as response:
            assert response.status == 404
    await simulator.stop()
