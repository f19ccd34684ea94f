"""Whatever is wrong with the command or the world: one clear message, the right exit code, no traceback, nothing lost."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generators.run import main
from tests.python.command import RUN, generate
from tests.python.golden.digests import PRESET
from tests.python.test_command_reproducible import SALES, files_of


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that cannot work, in this process, and returns its one line of error."""

    def run(code: int, *arguments: object) -> str:
        assert main([*map(str, arguments)]) == code
        output, error = capsys.readouterr()
        assert output == ""
        assert error.startswith("error: ")
        assert error.count("\n") == 1
        return error

    return run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--preset", "huge"], "unknown preset 'huge'; choose one of tiny, small"),
        (["--seed", "-1"], "the seed must be a whole number from 0"),
        (["--seed", str(2**63)], "the seed must be a whole number from 0"),
        (["--config", "/nowhere/my.toml"], "cannot read the configuration /nowhere/my.toml: No such file"),
        (["--config", "/"], "cannot read the configuration /: Is a directory"),
        (["--config", sys.executable], "is not valid TOML"),
        (["--lake", "ftp://host/lake"], "no lake can lie in ftp://host/lake: it is in a folder, or begins with file://, s3://"),
        (
            ["--lake", "s3://bucket?region=x"],
            "a lake's URI ends with its path",
        ),
    ],
)
def test_a_wrong_command(fails: Callable[..., str], arguments: list[str], message: str, tmp_path: Path) -> None:
    assert message in fails(2, "--lake", tmp_path / "lake", *arguments)
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--workers", "two"], ["--sed", "1"]])
def test_a_wrong_option_shows_the_usage(arguments: list[str]) -> None:
    done = generate(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("[sales", "is not valid TOML"),
        ("years = 2", "unknown key 'years'; expected end, sales, chemical"),
        ("[sales]\norder = 2", "unknown key 'sales.order'; expected years, orders"),
        ("sales = 2", "sales must be a table, [sales], not 2"),
        ("[sales]\norders = 0", "sales.orders must be a whole number from 1 to"),
        ("[sales]\norders = 1e6", "sales.orders must be a whole number from 1 to"),
        (f"[sales]\norders = {10**30}", "sales.orders must be a whole number from 1 to"),
        ("[chemical]\ndays = true", "chemical.days must be a whole number from 1 to"),
        ("end = '2026-01-01'", "end must be a date such as 2026-01-01"),
        ("end = 2026-07-01", "sales cover whole calendar years: use 2027-01-01"),
        ("end = 2001-01-01\n[sales]\nyears = 5", "reaches back before the year 2000"),
        ("[chemical]\norganizations = 9", "9 organizations share 4 units"),
        ("[chemical]\ntags = 5", "chemical.tags = 5 does not fit 4 units: use 32 to"),
        ("[chemical]\ntags = 100_000", "does not fit 4 units"),
        ("[chemical]\nfaults = -1", "chemical.faults must be a whole number from 0 to"),
        ("[chemical]\nfaults = 41", "4 units can have 40 in 1 days, 10 a day each"),
        ("[sales]\ncountries = 50", "only 40 countries are described"),
        ("[sales]\ncustomers = 3", "4 countries need at least 16"),
        ("[sales]\nproducts = 3", "each needs a product"),
    ],
)
def test_a_wrong_configuration_touches_nothing(fails: Callable[..., str], config: str, message: str, tmp_path: Path) -> None:
    own, lake = tmp_path / "my.toml", tmp_path / "lake"
    own.write_text(config)
    lake.mkdir()
    (lake / "manifest.json").write_text("a lake of before")
    assert message in fails(2, "--preset", "tiny", "--config", own, "--lake", lake)
    assert [path.name for path in lake.iterdir()] == ["manifest.json"]


def test_a_lake_that_cannot_be_there(fails: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for lake in (tmp_path / "file", tmp_path / "file" / "lake"):
        assert f"cannot write the lake {lake}: " in fails(1, *PRESET, "--lake", lake)
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_folder_that_is_not_a_lake_is_left_alone(fails: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "thesis.parquet").write_text("years of work")
    assert "is not empty and is not a lake of Saltworks" in fails(1, *PRESET, "--lake", tmp_path)
    assert "there is nothing to resume" in fails(1, *PRESET, "--lake", tmp_path, "--resume")
    assert (tmp_path / "thesis.parquet").read_text() == "years of work"


def test_nothing_to_resume_and_nothing_to_verify(fails: Callable[..., str], tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert "there is nothing to resume" in fails(1, *PRESET, "--lake", lake, "--resume")
    assert "there is no lake" in fails(1, "--lake", lake, "--verify")
    assert not lake.exists()


def test_another_scenario_is_not_resumed(fails: Callable[..., str], tiny_lake: Path, tmp_path: Path) -> None:
    lake = shutil.copytree(tiny_lake, tmp_path / "lake")
    before = files_of(lake)
    error = fails(1, "--preset", "tiny", "--seed", 2, "--lake", lake, "--resume")
    assert "begun with another scenario (seed: 1, now 2)" in error
    assert files_of(lake) == before


def test_verify_names_every_damaged_file_and_resume_mends_it(tiny_lake: Path, tmp_path: Path) -> None:
    lake = shutil.copytree(tiny_lake, tmp_path / "lake")
    intact = generate("--lake", lake, "--verify")
    assert intact.returncode == 0
    assert "is intact: " in intact.stdout

    strange = lake / "fin" / "payments" / "part-strange.parquet"
    shutil.copy(next(lake.glob("fin/payments/**/*.parquet")), strange)
    done = generate("--lake", lake, "--verify")
    assert done.returncode == 1
    assert f"{strange}: it is not in the manifest" in done.stderr
    strange.unlink()

    truncated, edited, missing = sorted(lake.glob("fin/payments/**/*.parquet"))[:3]
    truncated.write_bytes(truncated.read_bytes()[:-1])
    content = bytearray(edited.read_bytes())
    content[100] ^= 1
    edited.write_bytes(content)
    missing.unlink()

    done = generate("--lake", lake, "--verify")
    assert done.returncode == 1
    *faults, advice = done.stderr.splitlines()
    assert [fault.removeprefix("error: ").split(":")[0] for fault in faults] == [str(p) for p in (truncated, edited, missing)]
    assert "--resume" in advice

    assert main([*PRESET, "--lake", str(lake), "--resume"]) == 0
    assert files_of(lake) == files_of(tiny_lake)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB; mounting one takes the right to."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a disk to fill cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_said_and_can_be_resumed(
    fails: Callable[..., str], small_disk: Path, tiny_lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = (*PRESET, "--domain", "sales", "--lake", str(small_disk / "lake"))
    error = fails(1, *options)
    assert "No space left on device" in error
    assert "when it takes files again, run the same command with --resume" in error
    assert not list(small_disk.rglob("*.writing"))
    assert not (small_disk / "lake" / "manifest.json").exists()

    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    assert main([*options, "--workers", "1", "--resume"]) == 0
    assert "parts kept" in capsys.readouterr().out
    assert files_of(small_disk / "lake", SALES) == files_of(tiny_lake, SALES)


def test_a_disk_that_refuses_the_manifest(fails: Callable[..., str], tiny_lake: Path, tmp_path: Path) -> None:
    """All parts are finished when the limit comes, so only the manifest and its raw table remain to be written."""
    lake = shutil.copytree(tiny_lake, tmp_path / "lake")
    size = (lake / "manifest.json").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))
    try:
        error = fails(1, *PRESET, "--lake", lake, "--resume")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.startswith(f"error: cannot write the manifest to {lake}: File too large")
    assert not (lake / "manifest.json").exists()
    assert not list(lake.rglob("*.writing"))

    assert main([*PRESET, "--lake", str(lake), "--resume"]) == 0
    assert files_of(lake) == files_of(tiny_lake)


def test_help_is_instant() -> None:
    """What makes an import slow is not imported: neither for --help nor for an error in the command."""
    script = (
        "import runpy, sys\n"
        f"sys.argv = [{str(RUN)!r}, *sys.argv[1:]]\n"
        "try:\n"
        f"    runpy.run_path({str(RUN)!r}, run_name='__main__')\n"
        "finally:\n"
        "    print('slow:', sorted({'numpy', 'numba', 'pyarrow', 'rich'} & set(sys.modules)))\n"
    )
    for arguments, code in ((["--help"], 0), (["--preset", "huge"], 2)):
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert done.stdout.endswith("slow: []\n")
