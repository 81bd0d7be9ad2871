"""What an error says of itself, in the person's language.

Errors speak English, with names and numbers in them, wherever they are raised; the command line and the log show that.
A sentence that is known here is said anew; one that is not stays as it is, because any detail is better than none.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from clipsorter.ui.filing.words import say_reason
from clipsorter.ui.reason_words import say_reason as say_reading
from clipsorter.ui.sentences import say_anew

# English as it is raised; "{}" stands for a name, a number, or for what the system said.
SENTENCES = (
    QT_TRANSLATE_NOOP("DetailWords", "There is no folder {}."),
    QT_TRANSLATE_NOOP("DetailWords", "{} is a file; choose the folder it is in."),
    QT_TRANSLATE_NOOP("DetailWords", "You have no permission to look into {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The folder {} cannot be opened."),
    QT_TRANSLATE_NOOP("DetailWords", "The processes that read photos cannot be started; is the memory full?"),
    QT_TRANSLATE_NOOP("DetailWords", "A category needs a name; please type one."),
    QT_TRANSLATE_NOOP("DetailWords", "A category's name holds half a character; please type it again."),
    QT_TRANSLATE_NOOP("DetailWords", "Two categories are called “{}”; please rename one of them."),
    QT_TRANSLATE_NOOP("DetailWords", "{} categories are too many; {} is the limit."),
    QT_TRANSLATE_NOOP("DetailWords", "The category name “{}…” is too long."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is where photos go that belong nowhere; choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "The category “{}” stands twice in the list."),
    QT_TRANSLATE_NOOP("DetailWords", "The category “{}” cannot stand below itself."),
    QT_TRANSLATE_NOOP("DetailWords", "A category has no name."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "The list of categories is empty; name at least one, for example: dog, beach, receipts.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "There is no set of categories called “{}”."),
    QT_TRANSLATE_NOOP("DetailWords", "There is no set of categories called “{}”; there are {}."),
    QT_TRANSLATE_NOOP("DetailWords", "{} sets of categories are kept already; please remove one first."),
    QT_TRANSLATE_NOOP("DetailWords", "There is a set of categories called “{}” already; please choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "The category file {} cannot be read: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The category file {}: {}"),
    QT_TRANSLATE_NOOP("DetailWords", "{} is too large for a list of categories."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” is a file, not a folder; please choose another data folder or move that file.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” is a link that leads nowhere; connect its disk or choose another data folder.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is a link; please put what it leads to in its place, or remove it."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "ClipSorter cannot write to its data folder “{}” ({}); please check its permissions or choose another one.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "ClipSorter is already running with this data folder; please use its window or close it first.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "ClipSorter is already running but does not answer; please close it and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "The disk of “{}” cannot lock files; please choose a data folder on another disk.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "The disk that holds “{}” is full; please free some space and try again."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is read-only; please check the permissions of ClipSorter's data folder."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” may not be opened; please check the permissions of ClipSorter's data folder.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” cannot be opened; please check ClipSorter's data folder."),
    QT_TRANSLATE_NOOP("DetailWords", "The disk that holds “{}” reports an error; please check the disk."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "The disk that holds “{}” cannot hold files this large; please move the data folder.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” was moved, removed or replaced while ClipSorter was running, so nothing more can be kept in it; please "
        "put it back and start ClipSorter again.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "The copies of “{}” cannot be listed ({}); please check the disk."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is damaged or was not written by ClipSorter."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” stands where ClipSorter keeps a file of its own; please move it away."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” was damaged and has been put aside; look at the folder again: everything in it is computed anew.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” is damaged or was not written by ClipSorter, and there is no copy; please move it away.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "“{}” is damaged or was not written by ClipSorter; the copy “{}” can be restored: clipsorter recover --library",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” was written by a newer ClipSorter; please update ClipSorter to use it."),
    QT_TRANSLATE_NOOP("DetailWords", "Another program is using “{}”; please close it and try again."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is damaged and cannot be moved aside ({}); please delete it."),
    QT_TRANSLATE_NOOP("DetailWords", "The settings cannot be saved to “{}” ({})."),
    QT_TRANSLATE_NOOP("DetailWords", "There is no readable copy of “{}” to go back to."),
    QT_TRANSLATE_NOOP("DetailWords", "No copy of “{}” could be kept ({}); please check the disk."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” could not be restored ({}); nothing was lost."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is not damaged; nothing was done."),
    QT_TRANSLATE_NOOP("DetailWords", "{} is not a photo of this folder."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” exists already; please choose another name for the report."),
    QT_TRANSLATE_NOOP("DetailWords", "The report cannot be written to “{}”: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The model could not be loaded: its process {}, perhaps for lack of memory."),
    QT_TRANSLATE_NOOP("DetailWords", "The model's process {} while working on the same photos."),
    QT_TRANSLATE_NOOP("DetailWords", "ended twice"),
    QT_TRANSLATE_NOOP("DetailWords", "did not answer for {} seconds, twice,"),
    QT_TRANSLATE_NOOP("DetailWords", "The encoder was closed before it could answer."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "There is not enough memory for this model; close other programs or choose a smaller one.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "The graphics card has stopped answering."),
    QT_TRANSLATE_NOOP("DetailWords", "The model gave no usable answer; its files may be damaged."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "{} is not on this machine, and nothing is downloaded unless you ask: clipsorter models download {}.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "{} is not on this machine."),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" is not among the downloaded models.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" of {} is missing; remove the model and download it again.'),
    QT_TRANSLATE_NOOP("DetailWords", 'The manifest of "{}" is damaged; remove the model and add it again.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" was added by another version of ClipSorter; add it again.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" cannot be deleted ({}).'),
    QT_TRANSLATE_NOOP("DetailWords", 'The starter model lacks "{}"; reinstall ClipSorter.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" of the starter model is damaged or was changed; reinstall ClipSorter.'),
    QT_TRANSLATE_NOOP("DetailWords", 'There is nothing at "{}".'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" holds no .safetensors file.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" is not a model folder: it has no {} and no config.json.'),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        '"{}" is not read, because such files can run programs when they are opened; use the '
        ".safetensors version of the model.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" is damaged: {}.'),
    QT_TRANSLATE_NOOP("DetailWords", 'A model called "{}" is here already; remove it or choose another name.'),
    QT_TRANSLATE_NOOP("DetailWords", 'The model cannot be copied to "{}" ({}).'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" cannot be written ({}).'),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "The download stopped: {}. What is here is kept; start it again later or use a mirror.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "The download stopped: {}. What is here is kept; try again later or use a mirror.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords", "{} cannot be found, perhaps because this computer is not connected to the internet"
    ),
    QT_TRANSLATE_NOOP("DetailWords", "{} does not answer"),
    QT_TRANSLATE_NOOP("DetailWords", "{} refuses the connection"),
    QT_TRANSLATE_NOOP("DetailWords", "the connection was cut"),
    QT_TRANSLATE_NOOP("DetailWords", "{} cannot be reached ({})"),
    QT_TRANSLATE_NOOP("DetailWords", "{} gives an answer that cannot be understood"),
    QT_TRANSLATE_NOOP("DetailWords", 'the proxy "{}"'),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        'There is not enough room on the disk: {} GB are needed and {} GB stay free, but "{}" has {} GB '
        "left. Free some space and start again; what is here is kept.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        'The disk is full; "{}" could not be written to the end. Free some space and start again; what '
        "is here is kept.",
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        '"{}" answered with a web page instead of "{}", perhaps the login page of this network (a '
        "hotel, a company); open it in a browser first, then start again.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" cannot be downloaded: "{}" {}.'),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" is changed on its way by "{}"; use another mirror or proxy.'),
    QT_TRANSLATE_NOOP("DetailWords", "{} It was fetched twice and thrown away; try another mirror."),
    QT_TRANSLATE_NOOP("DetailWords", '"{}" is not the address of a hub; it begins with https://.'),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        '"{}" is not encrypted, so anybody on the way could exchange the model; use an address that '
        "begins with https://.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", 'The proxy "{}" cannot be used; write it as http://host:port.'),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        'The proxy "{}" wants a user name and a password, or others; write it as http://user:password@host:port.',
    ),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        'The certificate of "{}" is not valid: {}. If your company or mirror has one of its own, let '
        "SSL_CERT_FILE name the file with it.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "{} cannot be downloaded. {}"),
    QT_TRANSLATE_NOOP("DetailWords", "The history “{}” cannot be written: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The history “{}” cannot be read: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The history “{}” is damaged; it is left as it is and nothing was changed."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” cannot be written out: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” has other content than when it was looked at."),
    QT_TRANSLATE_NOOP("DetailWords", "The copy of “{}” is not what was written; the disk may be failing."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” changed while it was being copied."),
    QT_TRANSLATE_NOOP("DetailWords", "The copy of “{}” vanished from “{}”."),
    QT_TRANSLATE_NOOP(
        "DetailWords",
        "Writing keywords into the photos themselves needs ExifTool, which is not installed. Install it "
        "(https://exiftool.org, package libimage-exiftool-perl), or let ClipSorter write sidecars only.",
    ),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” has the name of a photo or of a file beside one; choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is a folder; name a file in it."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is not an ordinary file; choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” cannot be written: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is a link that leads to itself; choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” exists and is not a report; choose another name."),
    QT_TRANSLATE_NOOP("DetailWords", "The folder of “{}” does not exist; create it or choose another."),
    QT_TRANSLATE_NOOP("DetailWords", "The category “{}” is its own parent; change its place in the list."),
    QT_TRANSLATE_NOOP("DetailWords", "The folder “{}” cannot be read: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” is not a folder."),
    QT_TRANSLATE_NOOP("DetailWords", "“{}” or “{}” cannot be used as a folder."),
    QT_TRANSLATE_NOOP("DetailWords", "The folder “{}” cannot be made: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The record of written tags “{}” cannot be written: {}."),
    QT_TRANSLATE_NOOP("DetailWords", "The record of written tags “{}” is damaged; it is left as it is."),
    QT_TRANSLATE_NOOP("DetailWords", "There is no run “{}” in the history."),
)


def say_detail(sentence: str) -> str:
    """An error's own sentence, said anew where that is known how; so are sentences within it."""
    return say_anew(sentence, SENTENCES, "DetailWords", say_part=say_detail) or say_reason(say_reading(sentence))
