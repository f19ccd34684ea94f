"""Where a lake lies: a folder, or a prefix of an object store. In both a file appears whole or not at all.

In a folder it is written under a temporary name, flushed to the disk and renamed. An object store shows an object when all of
it has arrived. Everything else is the same for both: pyarrow reads, lists and removes.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.fs as fs

TEMPORARY = ".writing"
SCHEMES = ("file", "s3", "gs", "abfs", "abfss")  # of pyarrow's, those behind which files can appear whole
BLOCK = 8_388_608  # bytes read at once; from an object store each is a request


class StorageError(ValueError):
    """No lake can lie there; the message says where one can."""


@dataclass(frozen=True)
class Storage:
    """A place for files, named by an absolute path or a URI. Its methods take paths below it, and raise OSError.

    It can be sent to other processes and machines, each of which opens it with the credentials of its own environment.
    """

    address: str

    def __str__(self) -> str:
        return self.address

    def address_of(self, path: str) -> str:
        """The path or URI of a file, as people and other programs know it."""
        return f"{self.address}/{path}"

    def put(self, path: str, content: bytes | memoryview) -> None:
        """Make a file hold `content` or leave it as it was, whatever happens meanwhile."""
        filesystem, target = self._located(path)
        if isinstance(filesystem, fs.LocalFileSystem):
            write_atomically(Path(target), content)
        else:
            with filesystem.open_output_stream(target, compression=None) as stream:
                stream.write(content)

    def open(self, path: str) -> pa.NativeFile:
        """A file to read from any place in it; close it afterwards."""
        filesystem, target = self._located(path)
        return filesystem.open_input_file(target)

    def read(self, path: str) -> bytes:
        """The content of a file."""
        with self.open(path) as file:
            content: bytes = file.read()
        return content

    def checksum(self, path: str) -> str:
        """sha256 of a file, hexadecimal."""
        digest = hashlib.sha256()
        with self.open(path) as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def exists(self, path: str) -> bool:
        """Whether there is a file of this path."""
        filesystem, target = self._located(path)
        return bool(filesystem.get_file_info(target).type is fs.FileType.File)

    def encloses(self, path: str) -> bool:
        """Whether a path leads nowhere else: neither by `..` nor, in a folder, by a link."""
        filesystem, target = self._located(path)
        if isinstance(filesystem, fs.LocalFileSystem):
            return Path(target).resolve().is_relative_to(Path(self._located("")[1]).resolve())
        return ".." not in PurePosixPath(path).parts

    def is_empty(self) -> bool:
        """Whether nothing is there, not even an empty folder."""
        return not self._listed("", recursive=False)

    def files(self, folder: str = "") -> list[str]:
        """The paths of all files at any depth of a folder, in order."""
        return sorted(path for path, kind in self._listed(folder, recursive=True) if kind is fs.FileType.File)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        filesystem, target = self._located(path)
        if self.exists(path):
            filesystem.delete_file(target)

    def remove_folder(self, path: str) -> None:
        """Remove a folder with all that it holds, if it is there."""
        filesystem, target = self._located(path)
        if filesystem.get_file_info(target).type is fs.FileType.Directory:
            filesystem.delete_dir(target)

    def remove_empty_folders(self) -> None:
        """Remove every folder without a file at any depth."""
        listed = self._listed("", recursive=True)
        needed = {str(parent) for path, kind in listed if kind is fs.FileType.File for parent in PurePosixPath(path).parents}
        folders = {path for path, kind in listed if kind is fs.FileType.Directory} - needed
        for folder in sorted(folders, reverse=True):
            self.remove_folder(folder)

    def _located(self, path: str) -> tuple[fs.FileSystem, str]:
        filesystem, base = _opened(self.address)
        return filesystem, f"{base}/{path}" if path else base

    def _listed(self, folder: str, recursive: bool) -> list[tuple[str, fs.FileType]]:
        filesystem, base = self._located("")
        selector = fs.FileSelector(self._located(folder)[1], recursive=recursive, allow_not_found=True)
        return [(info.path[len(base) + 1 :], info.type) for info in filesystem.get_file_info(selector)]


def storage(address: str | Path) -> Storage:
    """The storage of this path or URI. Raises StorageError for a scheme behind which no lake can lie."""
    scheme, is_uri, _ = str(address).partition("://")
    if not is_uri:
        return Storage(str(Path(address).absolute()))
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise StorageError(f"no lake can lie in {address}: it is in a folder, or begins with {known}")
    if "?" in str(address):
        raise StorageError(f"{address}: a lake's URI ends with its path; endpoint and credentials come from the environment")
    return Storage(str(address).rstrip("/"))


def write_atomically(target: Path, content: bytes | memoryview) -> None:
    """Make a file of this machine hold `content` or leave it as it was, whatever happens meanwhile.

    The temporary name is this call's alone: on a shared folder, machines that write the same file do not meet.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def reason(error: OSError) -> str:
    """Why a storage refuses, as the system says it, or in an object store's own words."""
    said = os.strerror(error.errno) if error.errno else str(error)
    return f"{said} ({error.filename})" if error.filename else said


@cache
def _opened(address: str) -> tuple[fs.FileSystem, str]:
    """The file system and the place in it. AWS_ENDPOINT_URL and the other variables of a cloud are its own client's matter."""
    if "://" not in address:
        return fs.LocalFileSystem(), address
    one_request_for_small_objects = "?allow_delayed_open=true" if address.startswith("s3://") else ""
    try:
        filesystem, base = fs.FileSystem.from_uri(address + one_request_for_small_objects)
    except pa.ArrowInvalid as error:
        raise OSError(f"{address} is not a URI of an object store: {error}") from error
    return filesystem, base
