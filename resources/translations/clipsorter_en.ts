<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AllPhotos</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ApplyDialog</name>
    <message numerus="yes">
        <source>Copy %Ln photo(s)</source>
        <translation>
            <numerusform>Copy %Ln photo</numerusform>
            <numerusform>Copy %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln photo(s)</source>
        <translation>
            <numerusform>Move %Ln photo</numerusform>
            <numerusform>Move %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Link %Ln photo(s)</source>
        <translation>
            <numerusform>Link %Ln photo</numerusform>
            <numerusform>Link %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s)</source>
        <translation>
            <numerusform>%Ln folder</numerusform>
            <numerusform>%Ln folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BinColumn</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DesktopSigns</name>
    <message numerus="yes">
        <source>%Ln photo(s) looked at.</source>
        <translation>
            <numerusform>%Ln photo looked at.</numerusform>
            <numerusform>%Ln photos looked at.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message numerus="yes">
        <source>%Ln group(s) of duplicates</source>
        <translation>
            <numerusform>%Ln group of duplicates</numerusform>
            <numerusform>%Ln groups of duplicates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln marked photo(s)</source>
        <translation>
            <numerusform>Move %Ln marked photo</numerusform>
            <numerusform>Move %Ln marked photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportedStrip</name>
    <message numerus="yes">
        <source>%Ln photo(s) written to “{}”.</source>
        <translation>
            <numerusform>%Ln photo written to “{}”.</numerusform>
            <numerusform>%Ln photos written to “{}”.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message numerus="yes">
        <source>{} and %Ln more file(s)</source>
        <translation>
            <numerusform>{} and %Ln more file</numerusform>
            <numerusform>{} and %Ln more files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilingRun</name>
    <message numerus="yes">
        <source>%Ln photo(s) stayed where they were; the list says why.</source>
        <translation>
            <numerusform>%Ln photo stayed where it was; the list says why.</numerusform>
            <numerusform>%Ln photos stayed where they were; the list says why.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were left alone; the list says why.</source>
        <translation>
            <numerusform>%Ln photo was left alone; the list says why.</numerusform>
            <numerusform>%Ln photos were left alone; the list says why.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were not begun.</source>
        <translation>
            <numerusform>%Ln photo was not begun.</numerusform>
            <numerusform>%Ln photos were not begun.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln copy(ies) were removed; your photos stayed where they were.</source>
        <translation>
            <numerusform>%Ln copy was removed; your photo stayed where it was.</numerusform>
            <numerusform>%Ln copies were removed; your photos stayed where they were.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln link(s) were removed; your photos stayed where they were.</source>
        <translation>
            <numerusform>%Ln link was removed; your photo stayed where it was.</numerusform>
            <numerusform>%Ln links were removed; your photos stayed where they were.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) are back where they were.</source>
        <translation>
            <numerusform>%Ln photo is back where it was.</numerusform>
            <numerusform>%Ln photos are back where they were.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were moved to “{}”.</source>
        <translation>
            <numerusform>%Ln photo was moved to “{}”.</numerusform>
            <numerusform>%Ln photos were moved to “{}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were copied to “{}”.</source>
        <translation>
            <numerusform>%Ln photo was copied to “{}”.</numerusform>
            <numerusform>%Ln photos were copied to “{}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were linked into “{}”.</source>
        <translation>
            <numerusform>%Ln photo was linked into “{}”.</numerusform>
            <numerusform>%Ln photos were linked into “{}”.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderCard</name>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>in the folder</comment>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>CPU (%Ln core(s))</source>
        <translation>
            <numerusform>CPU (%Ln core)</numerusform>
            <numerusform>CPU (%Ln cores)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) selected</source>
        <translation>
            <numerusform>%Ln photo selected</numerusform>
            <numerusform>%Ln photos selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln file could not be read</numerusform>
            <numerusform>%Ln files could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>found so far</comment>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>in the folder</comment>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>about %Ln minute left</numerusform>
            <numerusform>about %Ln minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln hour(s) left</source>
        <translation>
            <numerusform>about %Ln hour left</numerusform>
            <numerusform>about %Ln hours left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Givings</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln picture</numerusform>
            <numerusform>%Ln pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>like these</comment>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message numerus="yes">
        <source>%Ln photo(s) moved</source>
        <translation>
            <numerusform>%Ln photo moved</numerusform>
            <numerusform>%Ln photos moved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) copied</source>
        <translation>
            <numerusform>%Ln photo copied</numerusform>
            <numerusform>%Ln photos copied</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) linked</source>
        <translation>
            <numerusform>%Ln photo linked</numerusform>
            <numerusform>%Ln photos linked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln taken back</source>
        <comment>photos</comment>
        <translation>
            <numerusform>%Ln taken back</numerusform>
            <numerusform>%Ln taken back</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not done</source>
        <comment>photos</comment>
        <translation>
            <numerusform>%Ln not done</numerusform>
            <numerusform>%Ln not done</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LearningStrip</name>
    <message numerus="yes">
        <source>%Ln move(s) learned.</source>
        <translation>
            <numerusform>%Ln move learned.</numerusform>
            <numerusform>%Ln moves learned.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other photo(s) changed bin.</source>
        <translation>
            <numerusform>%Ln other photo changed bin.</numerusform>
            <numerusform>%Ln other photos changed bin.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) put in place.</source>
        <translation>
            <numerusform>%Ln photo put in place.</numerusform>
            <numerusform>%Ln photos put in place.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) waiting for your answer.</source>
        <translation>
            <numerusform>%Ln photo is waiting for your answer.</numerusform>
            <numerusform>%Ln photos are waiting for your answer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>about %Ln minute left</numerusform>
            <numerusform>about %Ln minutes left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoHitsPage</name>
    <message numerus="yes">
        <source>Leave out {}: %Ln photo(s)</source>
        <translation>
            <numerusform>Leave out {}: %Ln photo</numerusform>
            <numerusform>Leave out {}: %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoArea</name>
    <message numerus="yes">
        <source>%Ln photo(s) elsewhere in the folder match.</source>
        <translation>
            <numerusform>%Ln photo elsewhere in the folder matches.</numerusform>
            <numerusform>%Ln photos elsewhere in the folder match.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlanModel</name>
    <message numerus="yes">
        <source>%Ln link(s)</source>
        <translation>
            <numerusform>%Ln link</numerusform>
            <numerusform>%Ln links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoverBar</name>
    <message numerus="yes">
        <source>%Ln photo(s) are still where they were sorted to</source>
        <translation>
            <numerusform>%Ln photo is still where it was sorted to</numerusform>
            <numerusform>%Ln photos are still where they were sorted to</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) had been sorted</source>
        <translation>
            <numerusform>%Ln photo had been sorted</numerusform>
            <numerusform>%Ln photos had been sorted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SearchConductor</name>
    <message numerus="yes">
        <source>Nothing matches well enough. These %Ln photo(s) come nearest.</source>
        <translation>
            <numerusform>Nothing matches well enough. This %Ln photo comes nearest.</numerusform>
            <numerusform>Nothing matches well enough. These %Ln photos come nearest.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>search hits</comment>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %Ln hit(s) together, best first</source>
        <translation>
            <numerusform>Show %Ln hit, best first</numerusform>
            <numerusform>Show all %Ln hits together, best first</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SuggestionRow</name>
    <message numerus="yes">
        <source>%Ln photo(s) look like this</source>
        <translation>
            <numerusform>%Ln photo look like this</numerusform>
            <numerusform>%Ln photos look like this</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message numerus="yes">
        <source>%Ln file(s) would be written.</source>
        <translation>
            <numerusform>%Ln file would be written.</numerusform>
            <numerusform>%Ln files would be written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need no change.</source>
        <comment>files</comment>
        <translation>
            <numerusform>%Ln needs no change.</numerusform>
            <numerusform>%Ln need no change.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cannot be written and would be left alone.</source>
        <comment>files</comment>
        <translation>
            <numerusform>%Ln cannot be written and would be left alone.</numerusform>
            <numerusform>%Ln cannot be written and would be left alone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) were left alone; the list says why.</source>
        <translation>
            <numerusform>%Ln file was left alone; the list says why.</numerusform>
            <numerusform>%Ln files were left alone; the list says why.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keywords were written to %Ln file(s).</source>
        <translation>
            <numerusform>Keywords were written to %Ln file.</numerusform>
            <numerusform>Keywords were written to %Ln files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Our keywords were removed from %Ln file(s).</source>
        <translation>
            <numerusform>Our keywords were removed from %Ln file.</numerusform>
            <numerusform>Our keywords were removed from %Ln files.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_GroupModel</name>
    <message numerus="yes">
        <source>%Ln copies of the same file</source>
        <translation>
            <numerusform>%Ln copy of the same file</numerusform>
            <numerusform>%Ln copies of the same file</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photos that look the same</source>
        <translation>
            <numerusform>%Ln photo that looks the same</numerusform>
            <numerusform>%Ln photos that look the same</numerusform>
        </translation>
    </message>
</context>
</TS>
