<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
        <source>%Ln close call(s) waiting for you.</source>
        <translation>
            <numerusform>%Ln close call is waiting for you.</numerusform>
            <numerusform>%Ln close calls are waiting for you.</numerusform>
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
</context>
</TS>
